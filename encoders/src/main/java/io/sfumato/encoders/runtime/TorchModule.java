package io.sfumato.encoders.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.repository.zoo.ZooModel;
import io.sfumato.encoders.EncoderException;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript module that somebody else wrote, in evaluation mode, differentiable. It must have been loaded with
 * {@code trainParam=true}, else the engine has dropped what training needs.
 *
 * <p>Forward passes may run in several threads while no weight changes. Owns the model: close it.
 */
public final class TorchModule implements AutoCloseable {
  private final ZooModel<?, ?> model;
  private final PtSymbolBlock block;
  private @Nullable String method;

  /**
   * Takes a loaded model over.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} when it is no TorchScript model
   */
  public TorchModule(ZooModel<?, ?> model) {
    this.model = model;
    if (!(model.getBlock() instanceof PtSymbolBlock module)) {
      model.close();
      throw new EncoderException("UNSUPPORTED_MODEL", model.getName() + " is no TorchScript model");
    }
    this.block = module;
    JniUtils.enableInferenceMode(module);
  }

  /** Runs the method of this name from now on, not {@code forward}; before the first use by several threads. */
  public void use(String name) {
    method = name;
  }

  /** The method that runs; null for {@code forward}. */
  public @Nullable String method() {
    return method;
  }

  /**
   * Runs the module on one array, differentiably unless {@link TensorRuntime#inference()} is on.
   *
   * @return its one result, owned by {@code scope}
   * @throws EncoderException {@code UNSUPPORTED_MODEL} when it does not take one array and give one
   */
  public NDArray forward(Scope scope, NDArray x) {
    String chosen = method;
    try {
      if (chosen != null) {
        return run(scope, chosen, x);
      }
      // "Training" here only means that autograd is not barred; the module stays in evaluation mode.
      NDList out = IValueUtils.forward(block, new NDList(scope.own(x)), true);
      return scope.own(out.singletonOrThrow());
    } catch (EngineException | IndexOutOfBoundsException | UnsupportedOperationException e) {
      throw new EncoderException("UNSUPPORTED_MODEL", "the module '" + model.getName() + "' does not take one array "
          + x.getShape() + " and give one: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private NDArray run(Scope scope, String name, NDArray x) {
    JniUtils.setGraphExecutorOptimize(false); // thread-local; the optimiser would cut the graph that is recorded
    try (IValue in = IValue.from((PtNDArray) x);
        IValue out = NativeCalls.run(block.getHandle(), name, new long[]{in.getHandle()})) {
      if (!out.isTensor()) {
        throw new UnsupportedOperationException("the method '" + name + "' does not give one array");
      }
      return out.toTensor((PtNDManager) scope.manager());
    }
  }

  /** The module's own weights by name, sharing their memory with it: changed in place, they change what it computes. */
  public Map<String, NDArray> weights() {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    for (NDArray weight : JniUtils.moduleGetParams(block, (PtNDManager) model.getNDManager())) {
      weights.put(weight.getName(), weight);
    }
    return weights;
  }

  /** The module with its present weights, as a TorchScript file. */
  public byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JniUtils.writeModule(block, out, false);
    return out.toByteArray();
  }

  /** Frees the model and the arrays of {@link #weights()}. */
  @Override
  public void close() {
    model.close();
  }
}
