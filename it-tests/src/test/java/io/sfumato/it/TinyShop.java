package io.sfumato.it;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** A small data folder, and one bundle of the demo shop, made once for all tests. */
final class TinyShop {
  static final int ITEMS = 60;
  static final int USERS = 40;

  /** Settings under which training takes seconds. */
  static final List<String> QUICK = List.of("--epochs", "1", "--set", "image.size=16", "--set", "image.widths=[8, 16]",
      "--set", "text.max-tokens=16", "--set", "fusion.dimension=16", "--set", "ranking.epochs=2", "--threads", "2");

  private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow");
  private static final List<String> KINDS = List.of("mug", "hat", "bag");

  private TinyShop() {}

  /** Writes {@code items.csv}, {@code interactions.csv} and {@code images/}; users of one half like red, of the other blue. */
  static Path write(Path folder) throws IOException {
    return write(folder, USERS);
  }

  /** The same with so many users, of whom the first are those of {@link #write(Path)}. */
  static Path write(Path folder, int users) throws IOException {
    Files.createDirectories(folder.resolve("images"));
    List<String> items = new ArrayList<>(List.of("item_id,title,text,category"));
    for (int i = 0; i < ITEMS; i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      String kind = KINDS.get(i % KINDS.size());
      items.add("i%d,%s %s,A %s %s for every day number %d,%s".formatted(i, colour, kind, colour, kind, i, kind));
      ImageIO.write(picture(i), "png", folder.resolve("images/i" + i + ".png").toFile());
    }
    Files.write(folder.resolve("items.csv"), items);
    Files.write(folder.resolve("interactions.csv"), interactions(users));
    return folder;
  }

  /** The bundle of a demo run of two epochs on 150 products. */
  static Path demo() {
    return Demo.DIRECTORY;
  }

  /** What that run printed. */
  static Ran demoRun() {
    return Demo.RAN;
  }

  static List<String> with(List<String> first, List<String> rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(rest);
    return all;
  }

  private static List<String> interactions(int users) {
    SplittableRandom random = new SplittableRandom(5);
    List<String> rows = new ArrayList<>(List.of("user_id,item_id,rating,timestamp"));
    for (int u = 0; u < users; u++) {
      int liked = u % 2 == 0 ? 0 : 2;
      for (int n = 0; n < 12; n++) {
        int item = random.nextInt(ITEMS / 4) * 4 + (random.nextInt(10) < 8 ? liked : random.nextInt(4));
        rows.add("u%d,i%d,%d,%d".formatted(u, item, 3 + random.nextInt(3), 1_600_000_000 + u * 1000 + n));
      }
    }
    return rows;
  }

  private static BufferedImage picture(int i) {
    Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colours[i % colours.length]);
    graphics.fillOval(2 + i % 5, 2, 18, 18);
    graphics.dispose();
    return image;
  }

  /** Made when it is first asked for. */
  private static final class Demo {
    static final Path DIRECTORY = directory();
    static final Ran RAN = Ran
        .sfumato(with(List.of("demo", "--out", DIRECTORY.toString(), "--items", "150", "--customers",
            "100", "--json", "--set", "training.epochs=2"), QUICK.subList(2, QUICK.size())).toArray(String[]::new))
        .ok();

    private static Path directory() {
      return Path.of("target", String.format(Locale.ROOT, "demo-%d", ProcessHandle.current().pid()));
    }
  }
}
