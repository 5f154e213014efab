package io.sfumato.fusion.user;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Replicated;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trainable user tower: {@code u = unit(M z + b)}, {@code z = unit(Σ_k exp(−λ age_k) h_k)}, where M begins as the identity, b as zero and λ as one in a hundred.
 * {@link #profile()} exports it to plain arrays. Owns its parameters: close it.
 */
public final class UserTower implements Layer {
  private final int dimension;
  private final int historyLength;
  private final Parameter map;
  private final Parameter bias;
  private final Linear linear;
  private final Parameter logDecay;
  private final Replicated decay;

  /**
   * @param dimension length d of item and user vectors
   * @param historyLength how many of the newest history entries count
   */
  public UserTower(int dimension, int historyLength) {
    this(UserProfile.mean(dimension, historyLength), -4.6f);
  }

  /** A tower that goes on from an exported profile. */
  public UserTower(UserProfile profile) {
    this(profile, (float) Math.log(Math.max(profile.decay(), 1e-30)));
  }

  private UserTower(UserProfile profile, float logDecay) {
    this.dimension = profile.dimension();
    this.historyLength = profile.historyLength();
    this.map = new Parameter("user.map", new Shape(dimension, dimension), profile.map());
    this.bias = new Parameter("user.bias", new Shape(dimension), profile.bias());
    this.linear = new Linear(map, bias);
    this.logDecay = new Parameter("user.log_decay", new Shape(1), new float[]{logDecay});
    this.decay = new Replicated(this.logDecay);
  }

  /** How many of the newest history entries count. */
  public int historyLength() {
    return historyLength;
  }

  /** ln λ, which learns at the rate of the fusion's numbers. */
  public Parameter logDecay() {
    return logDecay;
  }

  /**
   * The user vectors of a batch.
   *
   * @param ages [B, H]: how many entries of the user's history are newer than item h, where {@code mask} is 1
   * @param mask [B, H]: 1 where item h is in the user's history, else 0
   * @param vectors [H, d]: fused vectors of the items
   * @param tape records the use of the parameters for private training, a user a row; null otherwise
   * @return [B, d], unit rows
   */
  public NDArray forward(Scope scope, NDArray ages, NDArray mask, NDArray vectors, @Nullable Tape tape) {
    Kernels kernels = TensorRuntime.get().kernels();
    int users = Math.toIntExact(ages.getShape().get(0));
    NDArray rates = decay.forward(scope, users, tape).exp().neg();
    NDArray weights = ages.mul(rates).exp().mul(mask);
    NDArray mean = kernels.unit(scope, weights.matMul(vectors));
    return kernels.unit(scope, linear.forward(scope, mean, tape));
  }

  /** The tower as it is now, as plain arrays. */
  public UserProfile profile() {
    return new UserProfile(historyLength, Math.exp(logDecay.toArray()[0]), map.toArray(), bias.toArray());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(map, bias, logDecay);
  }
}
