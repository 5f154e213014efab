package io.sfumato.recommend;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.recommend.bundle.Forger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** One way of tampering with a bundle, drawn at random: of bits, of bytes, of whole files, and, what gets further, of values in files that stay well-formed. */
final class Tampering {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
  private static final List<String> NUMBERS = List.of("-1", "0", "1", "2147483647", "-2147483648", "4294967296",
      "9223372036854775807", "-9223372036854775808", "1e999", "0.5", "99999999999999999999999999", "null", "\"\"",
      "true", "[]", "{}", "16777217", "[".repeat(3000) + "]".repeat(3000), "1".repeat(5000));
  private static final float[] VALUES = {-1, 0, 0.5f, 1e9f, 2.1e9f, 3e38f, Float.NaN, Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY, 119, 120, 121, 1e-40f};
  private static final List<String> NAMES = List.of("../escaped", "/etc/passwd", "a/../../b", "a//b", "a\\b", "C:\\x",
      "model/./x", "people/feedback.log ", "a\u0000b", "a\nb", "MODEL/vectors.safetensors", "x/".repeat(600) + "y",
      "n".repeat(300), "");

  private final Path bundle;
  private final SplittableRandom random;
  private boolean seals = true;

  Tampering(Path bundle, SplittableRandom random) {
    this.bundle = bundle;
    this.random = random;
  }

  /** Whether hashes are to be computed anew afterwards. */
  boolean sealsAnew() {
    return seals;
  }

  /** Does it, and tells what it was. */
  String tamper() throws IOException {
    List<Path> files = files();
    Path file = files.get(random.nextInt(files.size()));
    String name = bundle.relativize(file).toString();
    return switch (random.nextInt(random.nextInt(8) == 0 ? 15 : 14)) {
      case 0, 1 -> flipBits(file) + " of " + name;
      case 2 -> cut(file) + " of " + name;
      case 3, 4 -> numbers(file) + " in " + name;
      case 5, 6, 7 -> values() + "";
      case 8 -> json() + "";
      case 9 -> swap(files);
      case 10 -> remove(file) + " " + name;
      case 11 -> log() + "";
      case 12 -> manifest();
      case 13 -> lucene();
      default -> bomb();
    };
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(bundle)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().equals("sfumato.json"))
          .sorted()
          .toList();
    }
  }

  private Path one(String suffix) throws IOException {
    List<Path> found = files().stream().filter(file -> file.toString().endsWith(suffix)).toList();
    return found.get(random.nextInt(found.size()));
  }

  private String flipBits(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int flips = 1 + random.nextInt(8);
    int within = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 600); // headers are short
    for (int i = 0; i < flips && bytes.length > 0; i++) {
      bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
    sealLucene(file);
    return flips + " bits";
  }

  private String cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = random.nextBoolean() ? random.nextInt(bytes.length + 1) : bytes.length + random.nextInt(4096);
    byte[] other = Arrays.copyOf(bytes, length);
    Files.write(file, other);
    return bytes.length + " to " + length + " bytes";
  }

  /** Overwrites a few bytes by those of extreme numbers. */
  private String numbers(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < 16) {
      return "nothing";
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes)
        .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = random.nextInt((random.nextBoolean() ? bytes.length : Math.min(bytes.length, 300)) - 8);
    long[] extremes = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40,
      0x7fc00000};
    long value = extremes[random.nextInt(extremes.length)];
    if (random.nextBoolean()) {
      buffer.putLong(at, value);
    } else {
      buffer.putInt(at, (int) value);
    }
    Files.write(file, bytes);
    sealLucene(file);
    return value + " at " + at;
  }

  /** Writes a tensor file anew, with values or a shape that nobody would write. */
  private String values() throws IOException {
    Path file = one(".safetensors");
    List<FloatTensor> tensors = new ArrayList<>();
    StringBuilder told = new StringBuilder(bundle.relativize(file).toString());
    try (SafeTensors source = SafeTensors.read(file)) {
      List<String> names = new ArrayList<>(source.names());
      String victim = names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
      for (String name : names) {
        FloatTensor tensor = source.tensor(name);
        if (name.equals(victim)) {
          switch (random.nextInt(6)) {
            case 0 -> {
              told.append(" without ").append(name);
              continue;
            }
            case 1 -> {
              int length = random.nextInt(2 * tensor.values().length + 2);
              tensor = new FloatTensor(name, new long[]{length}, Arrays.copyOf(tensor.values(), length));
              told.append(" with ").append(length).append(" values of ").append(name);
            }
            case 2 -> {
              tensor = new FloatTensor(name, new long[]{tensor.values().length}, tensor.values());
              told.append(" with flat ").append(name);
            }
            default -> {
              float value = VALUES[random.nextInt(VALUES.length)];
              int many = random.nextBoolean() ? 1 : tensor.values().length;
              for (int i = 0; i < many && tensor.values().length > 0; i++) {
                tensor.values()[random.nextInt(tensor.values().length)] = value;
              }
              told.append(" with ").append(many).append(" times ").append(value).append(" in ").append(name);
            }
          }
        }
        tensors.add(tensor);
      }
      SafeTensors.write(file, tensors, source.metadata());
    }
    return told.toString();
  }

  /** Puts something else in the place of a number or a text of a JSON file. */
  private String json() throws IOException {
    Path file = random.nextBoolean() ? one(".json") : one(".jsonl");
    String text = Files.readString(file);
    Matcher numbers = NUMBER.matcher(text);
    int at = random.nextInt(text.length() + 1);
    String with = NUMBERS.get(random.nextInt(NUMBERS.size()));
    String other = numbers.find(at)
        ? text.substring(0, numbers.start()) + with + text.substring(numbers.end())
        : text.substring(0, at) + with + text.substring(at);
    Files.writeString(file, other);
    return with.substring(0, Math.min(20, with.length())) + " in " + bundle.relativize(file);
  }

  /** Millions of bytes that would be many times as many objects. */
  private String bomb() throws IOException {
    String lists = "[[],".repeat(2_000_000);
    switch (random.nextInt(4)) {
      case 0 -> {
        Path file = one(".jsonl");
        Files.writeString(file, "{\"id\":\"a\",\"attributes\":" + lists, StandardOpenOption.APPEND);
        return "lists in " + file.getFileName();
      }
      case 1 -> {
        Path file = one(".jsonl");
        Files.writeString(file, "{\"id\":\"" + "x".repeat(50_000_000) + "\"}\n", StandardOpenOption.APPEND);
        return "a long line in " + file.getFileName();
      }
      case 2 -> {
        byte[] header = ("{\"x\":" + lists.replace("[[],", "[],[") + "}").getBytes(StandardCharsets.UTF_8);
        Path file = one(".safetensors");
        Files.write(file, ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
        return "lists in the header of " + file.getFileName();
      }
      default -> {
        seals = false;
        Files.writeString(bundle.resolve("sfumato.json"), "{\"files\":[" + "0,".repeat(8_000_000) + "0]}");
        return "numbers in sfumato.json";
      }
    }
  }

  private String swap(List<Path> files) throws IOException {
    Path one = files.get(random.nextInt(files.size()));
    Path other = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(one);
    Files.write(one, Files.readAllBytes(other));
    Files.write(other, bytes);
    return bundle.relativize(one) + " for " + bundle.relativize(other);
  }

  private String remove(Path file) throws IOException {
    Files.delete(file);
    switch (random.nextInt(4)) {
      case 0 -> {
        Files.createDirectories(file);
        return "a directory for";
      }
      case 1 -> {
        Files.createSymbolicLink(file, bundle.resolve("sfumato.json"));
        seals = false; // refused before anything is hashed
        return "a link for";
      }
      case 2 -> {
        Files.createFile(file);
        return "nothing in";
      }
      default -> {
        return "without";
      }
    }
  }

  /** Records with the right checksum that say what no program writes, or bytes that are no records. */
  private String log() throws IOException {
    String name = random.nextBoolean() ? "people/feedback.log" : "live/catalog.log";
    List<String> records = List.of("{}", "[]", "7", "null", "\"x\"", "{\"user\":\"\",\"item\":\"item-1\"}",
        "{\"user\":\"u-1\",\"item\":\"item-1\",\"time\":1e999}", "{\"user\":{},\"item\":[]}", "{\"put\":{}}",
        "{\"put\":7}", "{\"remove\":{}}", "{\"put\":{\"id\":\"x\"},\"modalities\":[],\"parts\":\"AAAA\"}",
        "{\"put\":{\"id\":\"x\"},\"modalities\":[\"text\",\"image\"],\"weights\":[1,0],\"present\":[true],\"parts\":\""
            + "AAAA".repeat(40) + "\"}",
        "{\"put\":{\"id\":\"x\"},\"modalities\":[\"text\",\"image\"],\"weights\":[1,0],\"present\":[true,false],\"parts\":\""
            + "f/////".repeat(20) + "fw" + "\",\"content\":\"AAAA\"}",
        "{\"put\":{\"id\":\"x\",\"attributes\":{\"\":\"\"}},\"image\":{\"bytes\":\"!\"}}", "{", "\u0000",
        "[".repeat(5000),
        "{\"user\":\"" + "u".repeat(100_000) + "\",\"item\":\"item-1\"}", "[[],".repeat(20_000));
    ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte[] record = records.get(random.nextInt(records.size())).getBytes(StandardCharsets.UTF_8);
      CRC32C crc = new CRC32C();
      crc.update(record);
      bytes.putInt(random.nextInt(8) == 0 ? random.nextInt() : record.length);
      bytes.putInt((int) crc.getValue()).put(record);
    }
    Path log = bundle.resolve(name);
    Files.createDirectories(log.getParent());
    Files.write(log, Arrays.copyOf(bytes.array(), bytes.position()));
    seals = random.nextBoolean();
    return name + " of " + bytes.position() + " bytes";
  }

  /** Lists what no bundle holds; what is sealed anew then is the manifest as it is. */
  private String manifest() throws IOException {
    Path file = bundle.resolve("sfumato.json");
    String text = Files.readString(file);
    seals = false;
    String told;
    switch (random.nextInt(5)) {
      case 0 -> {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        text = text.replaceFirst("\"model/vectors.safetensors\"",
            Matcher.quoteReplacement(
                "\"" + name.replace("\\", "\\\\").replace("\n", "\\n").replace("\0", "\\u0000") + "\""));
        told = "lists '" + name.substring(0, Math.min(30, name.length())) + "'";
      }
      case 1 -> {
        String with = NUMBERS.get(random.nextInt(NUMBERS.size()));
        Matcher numbers = NUMBER.matcher(text);
        text = numbers.find(random.nextInt(text.length() / 2))
            ? text.substring(0, numbers.start()) + with + text.substring(numbers.end())
            : text;
        told = "has another number";
      }
      case 2 -> {
        text = text.replaceFirst("\\{", Matcher.quoteReplacement("{\"x\":" + "[[],".repeat(100_000)));
        told = "is full of lists";
      }
      case 3 -> {
        text = text.substring(0, random.nextInt(text.length()));
        told = "is cut off";
      }
      default -> {
        text = text.replaceFirst("\"configuration\" : \\{",
            Matcher.quoteReplacement(
                "\"configuration\" : {\"x\":" + "{\"x\":".repeat(2000) + "1" + "}".repeat(2000) + ","));
        told = "has a deep configuration";
      }
    }
    Files.writeString(file, Forger.sealed(text));
    return "sfumato.json " + told;
  }

  /** Changes a file of the index and gives it a checksum that fits. */
  private String lucene() throws IOException {
    List<Path> index = files().stream().filter(file -> file.toString().contains("/index/")).toList();
    Path file = index.get(random.nextInt(index.size()));
    String told = random.nextBoolean() ? flipBits(file) : numbers(file);
    return told + " in " + bundle.relativize(file);
  }

  /** Lucene's files end with the CRC-32 of all before it, in eight bytes. */
  private static void sealLucene(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (!file.toString().contains("/index/") || bytes.length < 16) {
      return;
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, bytes.length - 8);
    ByteBuffer.wrap(bytes).putLong(bytes.length - 8, crc.getValue());
    Files.write(file, bytes);
  }
}
