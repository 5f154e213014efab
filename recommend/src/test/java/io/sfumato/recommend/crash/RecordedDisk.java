package io.sfumato.recommend.crash;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * All changes below a directory in their order, so that any moment of them can be turned into what a disk may hold after a crash at that moment. What was forced, of a file its bytes and of a directory its entries, is there. Of every
 * other change any part may be: a write whole, torn or not at all, whatever came after it; an entry made, renamed or removed, or not. Forcing a file does not force its entry in the directory.
 *
 * <p>Also holds what was acknowledged, by {@link #mark}, between the changes. Thread-safe.
 */
public final class RecordedDisk {
  private final Path root;
  private final Node top = new Node(true);
  private final List<Change> changes = new ArrayList<>();
  private volatile Refusal refusal = Refusal.NOTHING;

  /** What the disk does not force from now on, as one does that breaks. */
  public enum Refusal {
    NOTHING, FILES, DIRECTORIES
  }

  /** A file or a directory, by whatever name. */
  static final class Node {
    final boolean directory;
    /** What programs see, to find nodes by path while changes are recorded. */
    final Map<String, Node> entries = new TreeMap<>();
    private Map<String, Node> kept = new TreeMap<>();
    private byte[] bytes = new byte[0];
    private final List<Change> pending = new ArrayList<>();

    Node(boolean directory) {
      this.directory = directory;
    }
  }

  /** Something that happened to a node, or was acknowledged. */
  private sealed interface Change {}

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Write(Node node, long at, byte[] bytes) implements Change {}

  private record Cut(Node node, long size) implements Change {}

  private record Enter(Node node, String name, Node entry) implements Change {}

  private record Leave(Node node, String name) implements Change {}

  private record Rename(Node node, String from, String to) implements Change {}

  private record Force(Node node) implements Change {}

  private record Mark(String text) implements Change {}

  /** Begins with what is in a directory, all of it on disk. */
  public RecordedDisk(Path root) throws IOException {
    this.root = root;
    load(root, top);
  }

  private static void load(Path directory, Node node) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Node child = new Node(Files.isDirectory(entry));
        node.entries.put(entry.getFileName().toString(), child);
        if (child.directory) {
          load(entry, child);
        } else {
          child.bytes = Files.readAllBytes(entry);
        }
      }
    }
    node.kept = new TreeMap<>(node.entries);
  }

  synchronized Node node(Path path) {
    Node node = top;
    for (Path name : root.relativize(path)) {
      if (!name.toString().isEmpty()) {
        node = node.entries.get(name.toString());
      }
    }
    return node;
  }

  synchronized void create(Path path, boolean directory) {
    link(path, new Node(directory));
  }

  synchronized void link(Path path, Node node) {
    Node parent = node(path.getParent());
    parent.entries.put(path.getFileName().toString(), node);
    changes.add(new Enter(parent, path.getFileName().toString(), node));
  }

  synchronized void unlink(Path path) {
    Node parent = node(path.getParent());
    parent.entries.remove(path.getFileName().toString());
    changes.add(new Leave(parent, path.getFileName().toString()));
  }

  synchronized void rename(Path from, Path to) {
    Node parent = node(from.getParent());
    if (parent != node(to.getParent())) {
      throw new UnsupportedOperationException("a rename from one directory to another: " + from + " to " + to);
    }
    Node moved = parent.entries.remove(from.getFileName().toString());
    parent.entries.put(to.getFileName().toString(), moved);
    changes.add(new Rename(parent, from.getFileName().toString(), to.getFileName().toString()));
  }

  synchronized void write(Node node, long at, byte[] bytes) {
    changes.add(new Write(node, at, bytes));
  }

  synchronized void truncate(Node node, long size) {
    changes.add(new Cut(node, size));
  }

  synchronized void force(Node node) {
    changes.add(new Force(node));
  }

  /** Notes what the world was told. */
  public synchronized void mark(String text) {
    changes.add(new Mark(text));
  }

  /** Forces refused from now on fail. */
  public void refuse(Refusal what) {
    refusal = what;
  }

  boolean refuses(Node node) {
    return refusal == (node.directory ? Refusal.DIRECTORIES : Refusal.FILES);
  }

  /** How many changes there were. */
  public synchronized int size() {
    return changes.size();
  }

  /** Does the changes from one to another, without a crash; the texts of the marks among them go to a list. */
  public void advance(int from, int to, List<String> marks) {
    for (Change change : changes.subList(from, to)) {
      switch (change) {
        case Write write -> write.node.pending.add(write);
        case Cut cut -> cut.node.pending.add(cut);
        case Enter enter -> enter.node.pending.add(enter);
        case Leave leave -> leave.node.pending.add(leave);
        case Rename rename -> rename.node.pending.add(rename);
        case Mark mark -> marks.add(mark.text);
        case Force force -> {
          Node node = force.node;
          node.bytes = content(node, node.pending, null);
          node.kept = entries(node, node.pending);
          node.pending.clear();
        }
      }
    }
  }

  /**
   * Writes what a disk may hold when it stops now.
   *
   * @param target an empty directory
   * @param random decides which of the changes that were not forced are there
   */
  public void crash(Path target, SplittableRandom random) throws IOException {
    double survival = switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 1;
      default -> random.nextDouble();
    };
    crash(top, target, random, survival);
  }

  private static void crash(Node node, Path target, SplittableRandom random, double survival) throws IOException {
    List<Change> survived = node.pending.stream().filter(change -> random.nextDouble() < survival).toList();
    if (!node.directory) {
      Files.write(target, content(node, survived, survival == 1 ? null : random));
      return;
    }
    Files.createDirectories(target);
    for (Map.Entry<String, Node> entry : entries(node, survived).entrySet()) {
      crash(entry.getValue(), target.resolve(entry.getKey()), random, survival);
    }
  }

  /** @param tearing half of the writes to a part of themselves; null for none */
  private static byte[] content(Node node, List<Change> changes, SplittableRandom tearing) {
    byte[] bytes = node.bytes;
    for (Change change : changes) {
      if (change instanceof Write write) {
        int length = write.bytes.length;
        int from = 0;
        int to = length;
        if (tearing != null && tearing.nextBoolean()) {
          from = tearing.nextInt(4) == 0 ? tearing.nextInt(length + 1) : 0;
          to = from + tearing.nextInt(length - from + 1);
        }
        int end = Math.toIntExact(write.at + to);
        if (end > bytes.length) {
          bytes = Arrays.copyOf(bytes, end);
        }
        System.arraycopy(write.bytes, from, bytes, Math.toIntExact(write.at + from), to - from);
      } else if (change instanceof Cut cut && cut.size < bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.toIntExact(cut.size));
      }
    }
    return bytes;
  }

  private static Map<String, Node> entries(Node node, List<Change> changes) {
    Map<String, Node> entries = new TreeMap<>(node.kept);
    for (Change change : changes) {
      switch (change) {
        case Enter enter -> entries.putIfAbsent(enter.name, enter.entry);
        case Leave leave -> entries.remove(leave.name);
        case Rename rename -> {
          Node there = entries.get(rename.to);
          boolean free = there == null || !there.directory;
          if (free && entries.containsKey(rename.from)) {
            entries.put(rename.to, entries.remove(rename.from));
          }
        }
        default -> {
          // changes of files have nothing to do with entries
        }
      }
    }
    return entries;
  }
}
