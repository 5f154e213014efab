package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A weighted sum of objectives, which it owns.
 *
 * <p>Sensitivity: that of its parts where all declare the same unit, since a step clips the whole gradient of a unit once, whatever terms it is the sum of: the largest D of the parts. None where the units differ or a part declares none.
 *
 * @param parts at least one
 * @param weights one a part, positive
 */
public record WeightedObjective(List<Objective> parts, List<Double> weights) implements Objective {
  public WeightedObjective {
    parts = List.copyOf(parts);
    weights = List.copyOf(weights);
    if (parts.isEmpty() || parts.size() != weights.size() || weights.stream().anyMatch(w -> !(w > 0))) {
      throw new FusionException("BAD_OPTION",
          "objectives need a positive weight each but %d objectives got %s".formatted(parts.size(), weights));
    }
  }

  @Override
  public String name() {
    return parts.stream().map(Objective::name).collect(Collectors.joining("+"));
  }

  @Override
  public NDArray loss(Scope scope, StepBatch batch) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray sum = kernels.scaled(scope, parts.get(0).loss(scope, batch), weights.get(0));
    for (int i = 1; i < parts.size(); i++) {
      sum = sum.add(kernels.scaled(scope, parts.get(i).loss(scope, batch), weights.get(i)));
    }
    return sum;
  }

  @Override
  public NDArray unitLosses(Scope scope, StepBatch batch) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray sum = kernels.scaled(scope, parts.get(0).unitLosses(scope, batch), weights.get(0));
    for (int i = 1; i < parts.size(); i++) {
      sum = sum.add(kernels.scaled(scope, parts.get(i).unitLosses(scope, batch), weights.get(i)));
    }
    return sum;
  }

  @Override
  public Sensitivity sensitivity() {
    Sensitivity worst = parts.get(0).sensitivity();
    for (Objective part : parts) {
      Sensitivity other = part.sensitivity();
      if (!other.declared() || other.unit() != worst.unit()) {
        return Sensitivity.NONE;
      }
      worst = other.clips() > worst.clips() ? other : worst;
    }
    return worst;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.parameters()));
    return all;
  }

  @Override
  public void close() {
    parts.forEach(Objective::close);
  }
}
