package io.sfumato.recommend;

import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.Forger;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Opens many bundles that somebody tampered with who can also compute every hash anew, and asks those that open. A program of its own, so that a test can give it little memory.
 *
 * <p>Arguments: a whole bundle, a folder to work in, a seed, how many. Prints one line for each failure, and the counts; exits 1 where anything but an answer, a {@link BundleException} or a {@link
 * RecommendException} came back.
 */
final class BundleFuzz {
  private final Path whole;
  private final Path forged;
  private final PrintStream out;
  private final TreeMap<String, Integer> outcomes = new TreeMap<>();
  private int failures;
  private long slowest;

  private BundleFuzz(Path whole, Path work, PrintStream out) {
    this.whole = whole;
    this.forged = work.resolve("forged");
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    BundleFuzz fuzz = new BundleFuzz(Path.of(args[0]), Path.of(args[1]), System.out);
    long seed = Long.parseLong(args[2]);
    int from = args.length > 4 ? Integer.parseInt(args[4]) : 0;
    for (int run = from; run < Integer.parseInt(args[3]); run++) {
      fuzz.run(run, new SplittableRandom(seed + 31L * run));
    }
    fuzz.outcomes.forEach((outcome, count) -> fuzz.out.println(count + " " + outcome));
    fuzz.out.println("slowest " + fuzz.slowest / 1_000_000 + " ms");
    System.exit(fuzz.failures == 0 ? 0 : 1);
  }

  private void run(int run, SplittableRandom random) throws IOException {
    delete(forged);
    copy(whole, forged);
    Tampering tampering = new Tampering(forged, random);
    String what = tampering.tamper();
    if (tampering.sealsAnew()) {
      new Forger(forged).reseal();
    }
    long start = System.nanoTime();
    String outcome;
    try {
      outcome = ask(random);
    } catch (BundleException e) {
      outcome = e.code() + (String.valueOf(e.getMessage()).lines().count() == 1 ? "" : " in several lines");
    } catch (RecommendException e) {
      outcome = "refused " + e.code();
    } catch (RuntimeException e) {
      if (what.contains("index/") && fromLucene(e)) {
        outcome = "opened, but its forged index cannot be searched"; // as Bundle's class comment says
      } else {
        outcome = failed(run, what, e);
      }
    } catch (Error e) {
      outcome = failed(run, what, e);
    }
    slowest = Math.max(slowest, System.nanoTime() - start);
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private static boolean fromLucene(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getStackTrace()[0].getClassName().startsWith("org.apache.lucene.");
  }

  private String failed(int run, String what, Throwable failure) {
    failures++;
    out.println("run " + run + ", " + what + ": " + failure);
    Stream.of(failure.getStackTrace()).limit(9).forEach(line -> out.println("    " + line));
    return "FAILURE";
  }

  private String ask(SplittableRandom random) {
    try (Recommender recommender = Recommender.open(forged)) {
      for (int i = 0; i < 3; i++) {
        recommender.recommend(Request.forUser("u-" + random.nextInt(MadeShop.USERS)).k(10).excludeSeen());
      }
      recommender.recommend(Request.forUser("nobody").k(5));
      String item = "item-" + random.nextInt(MadeShop.ITEMS);
      if (recommender.catalog().item(item) != null) {
        recommender.similar(item, 5);
      }
      recommender.search(SearchRequest.of("nice shoes").matchWordsOnly());
      return "opened";
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }
}
