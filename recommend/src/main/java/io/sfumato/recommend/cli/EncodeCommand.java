package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Images;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.image.Pixels;
import io.sfumato.encoders.text.Pooling;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.encoders.text.TokenIds;
import io.sfumato.recommend.cli.EncodeInput.Entry;
import io.sfumato.recommend.cli.EncodeWriter.Encoded;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns texts and pictures into vectors by any checkpoint. */
@Command(name = "encode", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Turns texts and pictures into vectors by any checkpoint: a folder of Hugging Face's (BERT, DistilBERT, RoBERTa, XLM-R, CLIP, ViT, ResNet), of sentence-transformers', of TorchScript, or one that Sfumato wrote.",
  "Without modules of sentence-transformers a text's vector is the mean of its last states, of unit length; CLIP's are projected and of unit length; an image's is the encoder's own."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato encode all-mpnet-folder --input texts.jsonl --json > vectors.jsonl",
    "  sfumato encode clip-folder --input mixed.jsonl --json --output vectors.jsonl",
    "  sfumato encode minilm --input texts.jsonl --json --precision int8", "", "A line of the input is one of",
    "  {\"text\": \"red canvas sneaker\"}     {\"text\": \"a title\", \"pair\": \"its description\"}     {\"image\": \"pictures/17.jpg\"}"})
final class EncodeCommand implements Callable<Integer> {
  /** Inputs that are looked at together, so that texts of like length share a batch. */
  private static final int WINDOW = 512;

  @Parameters(index = "0", paramLabel = "DIR", description = "The checkpoint's folder; or 'minilm', or the djl:// or https:// address of a TorchScript model.")
  @SuppressWarnings("NullAway.Init")
  private String model;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "Lines of JSON; paths of images are seen from the file's own folder.")
  @SuppressWarnings("NullAway.Init")
  private Path input;

  @Option(names = "--output", paramLabel = "FILE", description = "Write there, whole or not at all. Default: stdout, as it comes.")
  private @Nullable Path target;

  @Option(names = "--pooling", paramLabel = "HOW", description = "How a text's states become one vector: mean, cls, max, mean_sqrt_len, weighted_mean, last_token, or several joined by +. Default: as the folder says, else mean.")
  private @Nullable String pooling;

  @Option(names = "--normalize", negatable = true, description = "Vectors of unit length, or not. Default: as the folder says.")
  private @Nullable Boolean normalize;

  @Option(names = "--states", description = "The last hidden state too, as \"last_hidden_state\".")
  private boolean states;

  @Option(names = "--ids", description = "A text's token ids too, as \"ids\", special tokens included.")
  private boolean ids;

  @Option(names = "--precision", paramLabel = "TYPE", defaultValue = "float32", description = "The number type of linear layers: float32, bfloat16 or int8. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String precision;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  EncodeCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(input)) {
      throw new DataException("BAD_INPUT",
          "there is no file " + input + "; --input needs one with a line of JSON each");
    }
    Pooling how = pooling == null ? null : Pooling.parse(pooling);
    try (EncodeModel encoders = new EncodeModel(model, Precision.parse(precision), how, normalize)) {
      if (target == null) {
        encode(encoders, new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8));
      } else {
        WholeFile.write(target,
            channel -> encode(encoders, Channels.newWriter(channel, StandardCharsets.UTF_8)));
      }
    }
    return 0;
  }

  private void encode(EncodeModel encoders, Writer to) throws IOException {
    EncodeWriter writer = new EncodeWriter(new BufferedWriter(to, 1 << 16), output.json());
    try (EncodeInput lines = EncodeInput.open(input)) {
      progress.start("encoding", count());
      List<Entry> window = new ArrayList<>(WINDOW);
      for (Entry entry = lines.next(); entry != null; entry = lines.next()) {
        window.add(entry);
        if (window.size() == WINDOW) {
          encode(encoders, lines, window, writer);
          window.clear();
        }
      }
      encode(encoders, lines, window, writer);
    } finally {
      progress.finish();
    }
  }

  /** The number of lines; 0 for what cannot be read twice. */
  private long count() throws IOException {
    if (!Files.isRegularFile(input)) {
      return 0;
    }
    try (var lines = Files.newInputStream(input)) {
      byte[] block = new byte[1 << 16];
      long count = 0;
      for (int n = lines.read(block); n >= 0; n = lines.read(block)) {
        for (int i = 0; i < n; i++) {
          count += block[i] == '\n' ? 1 : 0;
        }
      }
      return count;
    }
  }

  /** Encodes a window of inputs, those of a kind together, and writes them in their order. */
  private void encode(EncodeModel encoders, EncodeInput lines, List<Entry> window, EncodeWriter writer)
      throws IOException {
    List<TokenIds> texts = new ArrayList<>();
    List<Pixels> pictures = new ArrayList<>();
    for (Entry entry : window) {
      if (entry.text() != null) {
        texts.add(at(lines, entry, () -> tokens(encoders.text(), entry)));
      } else if (entry.image() != null) {
        Picture picture = new Picture(entry.image());
        pictures.add(at(lines, entry, () -> encoders.image().prepare(Images.decode(picture))));
      }
    }
    float[][] ofTexts = texts.isEmpty() ? new float[0][]
        : encoders.text().encodePrepared(texts, Progress.silent());
    float[][] ofPictures = pictures.isEmpty() ? new float[0][]
        : encoders.image().encodePrepared(pictures, Progress.silent());
    int t = 0;
    int p = 0;
    for (Entry entry : window) {
      if (entry.text() != null) {
        TokenIds tokens = texts.get(t);
        writer.write(new Encoded(entry.line(), entry.id(), ofTexts[t], ids ? tokens : null,
            states ? encoders.states(tokens) : null));
        t++;
      } else {
        writer.write(new Encoded(entry.line(), entry.id(), encoders.finished(ofPictures[p]), null,
            states ? encoders.states(pictures.get(p)) : null));
        p++;
      }
    }
    writer.flush();
    progress.advance(window.size(), null);
  }

  private static TokenIds tokens(TextEncoder encoder, Entry entry) {
    String text = String.valueOf(entry.text());
    return entry.pair() == null ? encoder.prepare(text) : encoder.prepare(text, entry.pair());
  }

  /** Prepares one line's input; what is wrong with it is said with the line's number. */
  private static <P> P at(EncodeInput lines, Entry entry, Callable<P> prepare) {
    try {
      return prepare.call();
    } catch (DataException | EncoderException e) {
      throw lines.at(entry.line(), String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file, read when it is wanted. */
  private record Picture(Path path) implements ImageSource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public byte[] read() throws IOException {
      return Files.readAllBytes(path);
    }
  }
}
