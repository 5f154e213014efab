package io.sfumato.encoders.nn;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an encoder in their order: embeddings (or stem), blocks, head. What is the same for every architecture
 * is done here: which parameters learn, adapters, number types, dropout.
 *
 * <p>Owns the layers. Changing it is for one thread, while nobody computes.
 */
public final class Backbone implements AutoCloseable {
  private final List<Layer> embeddings;
  private final List<Layer> blocks;
  private final List<Layer> head;
  private FineTuning.@Nullable Lora adapters;
  private volatile Precision precision = Precision.FLOAT32;

  /**
   * The layers of an encoder.
   *
   * @param embeddings what comes before the blocks; learns only where everything does
   * @param blocks what {@link FineTuning.LastLayers} counts
   * @param head what comes after the blocks; learns with the last one
   */
  public Backbone(List<? extends Layer> embeddings, List<? extends Layer> blocks, List<? extends Layer> head) {
    this.embeddings = List.copyOf(embeddings);
    this.blocks = List.copyOf(blocks);
    this.head = List.copyOf(head);
    Set<String> names = new HashSet<>();
    for (Parameter parameter : weights()) {
      if (!names.add(parameter.name())) {
        throw new IllegalArgumentException("two parameters are named " + parameter.name());
      }
    }
    setTraining(FineTuning.frozen());
  }

  /** The checkpoint's own parameters, without those of adapters, in the order of the forward pass. */
  public List<Parameter> weights() {
    return layers().stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /** All parameters: the checkpoint's own, then those of adapters. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(weights());
    all.addAll(adapterParameters());
    return Collections.unmodifiableList(all);
  }

  /** The parameters of adapters; empty where there are none. */
  public List<Parameter> adapterParameters() {
    List<Parameter> all = new ArrayList<>();
    for (Linear linear : linears()) {
      LowRankAdapter adapter = linear.adapter();
      if (adapter != null) {
        all.addAll(adapter.parameters());
      }
    }
    return all;
  }

  /** The adapters that stand beside layers, as they were asked for; null where there are none. */
  public FineTuning.@Nullable Lora adapters() {
    return adapters;
  }

  /** The adapted layers in the order of the forward pass. */
  public List<Linear> adapted() {
    return linears().stream().filter(linear -> linear.adapter() != null).toList();
  }

  /**
   * Chooses what learns. Adapters are put in place when they are first asked for and stay, also when nothing learns any
   * more.
   *
   * @throws EncoderException {@code ADAPTERS_MISMATCH} where other adapters are in place or they are merged,
   *     {@code UNSUPPORTED_MODEL} where no layer is of those to be adapted
   */
  public void setTraining(FineTuning how) {
    if (how instanceof FineTuning.Lora lora) {
      adapt(lora);
    }
    parameters().forEach(parameter -> parameter.setTrainable(how instanceof FineTuning.Full));
    if (how instanceof FineTuning.LastLayers last) {
      blocks.subList(Math.max(0, blocks.size() - last.count()), blocks.size()).forEach(Backbone::train);
      head.forEach(Backbone::train);
    }
    if (how instanceof FineTuning.Lora) {
      adapterParameters().forEach(parameter -> parameter.setTrainable(true));
    }
  }

  private static void train(Layer layer) {
    layer.parameters().forEach(parameter -> parameter.setTrainable(true));
  }

  private void adapt(FineTuning.Lora lora) {
    List<Linear> targets = targets(lora.targets());
    if (targets.isEmpty()) {
      throw new EncoderException("UNSUPPORTED_MODEL", "no layer to adapt for '" + lora + "'; the linear layers are "
          + blockLinears().stream().map(Linear::name).toList() + ": name some of them, or fine-tune last:N or full");
    }
    if (adapters == null) {
      targets.forEach(linear -> linear.adapt(lora.rank(), lora.alpha()));
      adapters = lora;
    } else if (adapters.rank() != lora.rank() || adapters.alpha() != lora.alpha() || !adapted().equals(targets)) {
      throw new EncoderException("ADAPTERS_MISMATCH", "the encoder has the adapters " + adapters + ", asked for " + lora
          + ": go on with the same, or merge them into the weights and save those");
    } else if (targets.stream().anyMatch(Linear::merged)) {
      throw new EncoderException("ADAPTERS_MISMATCH",
          "the adapters are merged into the weights: unmerge them before they learn");
    }
  }

  private List<Linear> targets(Set<String> names) {
    if (names.isEmpty()) {
      Set<Linear> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
      blocks.forEach(block -> walk(block, layer -> {
        if (layer instanceof Attention attention) {
          chosen.addAll(attention.queryAndValue());
        }
      }));
      return blockLinears().stream().filter(chosen::contains).toList();
    }
    if (names.contains(FineTuning.Lora.ALL_LINEAR)) {
      return blockLinears();
    }
    return blockLinears().stream()
        .filter(linear -> names.stream()
            .anyMatch(name -> linear.name().equals(name) || linear.name().endsWith("." + name)))
        .toList();
  }

  /** Adds the adapters to the weights, so that they cost nothing; see {@link #unmerge}. */
  public void merge() {
    adapted().forEach(linear -> linear.setMerged(true));
  }

  /** Takes merged adapters out of the weights, which are then as before but for rounding (about 1e-7 of their size). */
  public void unmerge() {
    adapted().forEach(linear -> linear.setMerged(false));
  }

  /**
   * The number type in which the blocks' linear layers compute; those of embeddings and head stay float32.
   *
   * @throws EncoderException {@code UNSUPPORTED_PRECISION} where the blocks have none, or the processor no such product
   */
  public void setPrecision(Precision precision) {
    List<Linear> linears = blockLinears();
    if (linears.isEmpty() && precision != Precision.FLOAT32) {
      throw new EncoderException("UNSUPPORTED_PRECISION",
          "the encoder's blocks have no linear layers to compute in " + precision + ": use float32");
    }
    linears.forEach(linear -> linear.setPrecision(precision));
    this.precision = precision;
  }

  /** The number type in which the blocks' linear layers compute. */
  public Precision precision() {
    return precision;
  }

  /**
   * The share of the outputs of attention and perceptron that training sets to zero; not active at inference.
   *
   * @param probability in [0, 1)
   * @throws EncoderException {@code UNSUPPORTED_DROPOUT} where it is not 0 and there are no transformer blocks
   */
  public void setDropout(double probability) {
    List<TransformerBlock> found = new ArrayList<>();
    blocks.forEach(block -> walk(block, layer -> {
      if (layer instanceof TransformerBlock transformer) {
        found.add(transformer);
      }
    }));
    if (found.isEmpty() && probability != 0) {
      throw new EncoderException("UNSUPPORTED_DROPOUT",
          "dropout " + probability + " was asked for but the encoder has no transformer blocks: set it to 0");
    }
    found.forEach(block -> block.setDropout(probability));
  }

  /** How many blocks stand after the one that a parameter belongs to; as many as there are blocks for embeddings. */
  public int depth(Parameter parameter) {
    for (int i = 0; i < blocks.size(); i++) {
      if (owns(blocks.get(i), parameter)) {
        return blocks.size() - 1 - i;
      }
    }
    return embeddings.stream().anyMatch(layer -> owns(layer, parameter)) ? blocks.size() : 0;
  }

  private static boolean owns(Layer layer, Parameter parameter) {
    List<Layer> owners = new ArrayList<>();
    walk(layer, part -> {
      if (part.parameters().contains(parameter)) {
        owners.add(part);
      }
    });
    return !owners.isEmpty();
  }

  /** Every linear layer, without those that adapters are made of. */
  public List<Linear> linears() {
    return linears(layers());
  }

  private List<Linear> blockLinears() {
    return linears(blocks);
  }

  private static List<Linear> linears(List<Layer> of) {
    Set<Linear> found = new LinkedHashSet<>();
    of.forEach(top -> walk(top, layer -> {
      if (layer instanceof Linear linear) {
        found.add(linear);
      }
    }));
    return List.copyOf(found);
  }

  /** Parent first; what stands inside an adapter is not visited. */
  private static void walk(Layer layer, Consumer<Layer> visit) {
    visit.accept(layer);
    if (!(layer instanceof Linear)) {
      layer.children().forEach(child -> walk(child, visit));
    } else {
      layer.children().forEach(visit);
    }
  }

  private List<Layer> layers() {
    List<Layer> all = new ArrayList<>(embeddings);
    all.addAll(blocks);
    all.addAll(head);
    return all;
  }

  /** Frees the native memory of all layers. */
  @Override
  public void close() {
    layers().forEach(Layer::close);
  }
}
