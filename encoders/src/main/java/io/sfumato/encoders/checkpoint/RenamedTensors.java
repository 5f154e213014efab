package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The tensors of another source under other names. */
final class RenamedTensors implements TensorSource {
  private final TensorSource source;
  private final Map<String, String> originals = new LinkedHashMap<>();

  RenamedTensors(TensorSource source, UnaryOperator<String> rename) {
    this.source = source;
    for (String name : source.names()) {
      if (rename.apply(name).equals(name)) {
        originals.put(name, name);
      }
    }
    source.names().forEach(name -> originals.putIfAbsent(rename.apply(name), name));
  }

  @Override
  public String origin() {
    return source.origin();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(originals.keySet());
  }

  @Override
  public FloatTensor tensor(String name) {
    return source.tensor(original(name)).named(name);
  }

  @Override
  public long[] shape(String name) {
    return source.shape(original(name));
  }

  private String original(String name) {
    String original = originals.get(name);
    if (original == null) {
      throw new EncoderException("TENSOR_MISSING",
          origin() + ": no tensor '" + name + "' among its " + originals.size() + " tensors");
    }
    return original;
  }
}
