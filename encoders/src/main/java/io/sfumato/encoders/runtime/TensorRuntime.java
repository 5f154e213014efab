package io.sfumato.encoders.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.sfumato.encoders.EncoderException;
import org.jspecify.annotations.Nullable;

/**
 * The tensor engine of this process: PyTorch through DJL. Started once, by the first {@link #get()} or
 * {@link #start(DeviceChoice)}; the first start ever on a machine unpacks 450 MB of native code (7 to 9 s), later ones
 * take 2 s. It is never stopped. Thread-safe; the arrays that it hands out are not.
 *
 * <p>Native memory has two owners: {@link #permanent()} for what lives as long as a model (parameters, optimiser
 * state), and a {@link Scope} for everything else.
 */
public final class TensorRuntime {
  private static volatile @Nullable TensorRuntime started;

  private final Device device;
  private final NDManager permanent;
  private final Kernels kernels;

  private TensorRuntime(Device device) {
    this.device = device;
    this.permanent = NDManager.newBaseManager(device, "PyTorch");
    this.kernels = new Kernels();
  }

  /** The runtime of this process; starts it with {@link DeviceChoice#AUTO} where nobody has. */
  public static synchronized TensorRuntime get() {
    return started == null ? start(DeviceChoice.AUTO) : started;
  }

  /**
   * Starts the engine on a device, or returns the runtime that runs already.
   *
   * @throws EncoderException {@code ENGINE_NOT_AVAILABLE} when the native code is missing or does not load,
   *     {@code GPU_NOT_FOUND} when a GPU is asked for and there is none, {@code DEVICE_ALREADY_CHOSEN} when the engine
   *     already runs on another device
   */
  public static synchronized TensorRuntime start(DeviceChoice choice) {
    if (started == null) {
      setUnlessSet("ai.djl.offline", "true");
      setUnlessSet("ai.djl.pytorch.graph_optimizer", "false");
      started = new TensorRuntime(device(choice, engine()));
      JniUtils.setGradMode(true); // loading the engine switches it off for the thread that loads
    }
    boolean gpu = started.device.isGpu();
    if ((choice == DeviceChoice.GPU && !gpu) || (choice == DeviceChoice.CPU && gpu)) {
      throw new EncoderException("DEVICE_ALREADY_CHOSEN", "The tensor engine of this process runs on " + started.device
          + ", asked for " + choice + ": choose the device once, before the first use");
    }
    return started;
  }

  private static Engine engine() {
    try {
      return Engine.getEngine("PyTorch");
    } catch (EngineException | IllegalArgumentException | IllegalStateException | LinkageError e) {
      throw new EncoderException("ENGINE_NOT_AVAILABLE", "The PyTorch engine does not load (" + rootMessage(e)
          + "): put ai.djl.pytorch:pytorch-jni and pytorch-native-cpu with the classifier of this platform on the class"
          + " path, or set PYTORCH_LIBRARY_PATH to a libtorch of the same version", e);
    }
  }

  private static Device device(DeviceChoice choice, Engine engine) {
    if (choice == DeviceChoice.CPU) {
      return Device.cpu();
    }
    boolean usable = JniUtils.getFeatures().contains("CUDA") && engine.getGpuCount() > 0;
    if (!usable && choice == DeviceChoice.GPU) {
      throw new EncoderException("GPU_NOT_FOUND",
          "A GPU was asked for and the engine has none (GPUs " + engine.getGpuCount()
              + ", features " + JniUtils.getFeatures()
              + "): set PYTORCH_LIBRARY_PATH to a libtorch 2.7.1+cu128 on a machine with"
              + " an NVIDIA driver, or choose the CPU");
    }
    return usable ? Device.gpu() : Device.cpu();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.getClass().getSimpleName());
  }

  /** The device that every array of this process lives on. */
  public Device device() {
    return device;
  }

  /** Number of threads that one operation uses on the CPU, seen from the calling thread. */
  public int threads() {
    return JniUtils.getNumThreads();
  }

  /**
   * Sets the number of threads that one operation uses on the CPU, for the calling thread and for those that use the
   * engine for the first time afterwards.
   *
   * @param threads at least 1
   */
  public void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    JniUtils.setNumThreads(threads);
  }

  /** A new scope, to be closed by the caller; everything made in it goes with it. */
  public Scope scope() {
    return new Scope(permanent, permanent.newSubManager());
  }

  /** The kernels: operations on arrays, differentiable unless they say otherwise. */
  public Kernels kernels() {
    return kernels;
  }

  /** Owner of parameters and optimiser state; whoever creates an array here closes it. */
  public NDManager permanent() {
    return permanent;
  }

  /** A float32 array on {@link #permanent()}, copied from {@code values} in row-major order; the caller closes it. */
  public NDArray permanentFloats(float[] values, Shape shape) {
    return EngineMemory.floats(permanent, values, shape);
  }

  /** An int64 array on {@link #permanent()}, copied from {@code values} in row-major order; the caller closes it. */
  public NDArray permanentLongs(long[] values, Shape shape) {
    return EngineMemory.longs(permanent, values, shape);
  }

  /**
   * Switches automatic differentiation off for the calling thread until the result is closed:
   * {@code try (GradMode off = runtime.inference()) { … }}. Nests.
   */
  public GradMode inference() {
    return new GradMode(false);
  }

  /**
   * Restarts the engine's own random numbers, which dropout draws from; those that protect people never do. One sequence
   * a process: seed it where a part of a training begins that is to be repeatable.
   */
  public void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /** Whether automatic differentiation is on for the calling thread. */
  public boolean recordsGradients() {
    return JniUtils.isGradMode();
  }

  /** Number of native arrays that live on {@link #permanent()}; flat over steps when nothing leaks there. */
  public int permanentArrays() {
    return permanent.getManagedArrays().size();
  }

  /** {@link #permanentArrays()} of this process; 0 where the engine was never started, which this does not do, nor waits for. */
  public static int arraysHeld() {
    TensorRuntime runtime = started;
    return runtime == null ? 0 : runtime.permanentArrays();
  }
}
