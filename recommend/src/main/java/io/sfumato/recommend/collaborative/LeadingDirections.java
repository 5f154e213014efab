package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.privacy.training.ReleasedTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a released item-item matrix stands out of its noise: the eigenvectors with the largest eigenvalues. Computed from a release, so using it
 * is free. Immutable.
 *
 * <p>A symmetric matrix of n² draws of deviation s has its eigenvalues within ±e, {@code e = 2 s √n} (Wigner 1955). Eigenvectors of the released matrix
 * with eigenvalues above e are kept, which also makes it positive semi-definite; noise has inflated an eigenvalue ℓ to {@code ℓ + (e/2)²/ℓ} (Benaych-Georges and
 * Nadakuditi 2011, section 3.1), which is taken back. e depends on nothing but what is public.
 */
public final class LeadingDirections {
  private final int items;
  private final double edge;
  private final Spectrum spectrum;
  private final float @Nullable [] exact;

  private LeadingDirections(int items, double edge, Spectrum spectrum, float @Nullable [] exact) {
    this.items = items;
    this.edge = edge;
    this.spectrum = spectrum;
    this.exact = exact;
  }

  /** A matrix without noise, whole. */
  static LeadingDirections exact(float[] matrix, int items) {
    return new LeadingDirections(items, 0, new Spectrum(new double[0], new float[0][]), matrix);
  }

  static LeadingDirections of(float[] matrix, int items, double deviation, int most, long seed) {
    double edge = 2 * deviation * Math.sqrt(items);
    Spectrum spectrum = Spectrum.leading(matrix, items, Math.min(most, items), edge, seed).shrunk(edge);
    return new LeadingDirections(items, edge, spectrum, null);
  }

  /** How many directions stand out; all where there is no noise. */
  public int count() {
    return exact == null ? spectrum.values().length : items;
  }

  /** e, the largest eigenvalue that noise alone has; 0 where there is none. */
  public double edge() {
    return edge;
  }

  /**
   * The EASE that is solved from it, and from the items' content as if it were users who took items that are alike. Content fills in what the noise has covered.
   *
   * @param relativeL2 λ in units of e, above 0
   * @param relativeContent weight of the content in units of e, at least 0
   * @param noiseless options of which the number of weights that are kept counts, and, where there is no noise, λ and the weight of the content
   * @param content features of the items, or null
   */
  public Ease ease(double relativeL2, double relativeContent, Ease.Options noiseless,
      @Nullable ContentFeatures content) {
    return exact == null
        ? Ease.ofGram(spectrum.toMatrix(items), items,
            noiseless.withL2(relativeL2 * edge).withContentWeight(relativeContent * edge), content)
        : Ease.ofGram(exact.clone(), items, noiseless, content);
  }

  /** What of the matrix is kept, for its ledger entry to commit to: {@code directions.values} [count + 1], the eigenvalues and e, and {@code directions.vectors} [count, items]; not where there is no noise. */
  public ReleasedTensors released() {
    return new ReleasedTensors(tensors().stream().map(tensor -> tensor.named("directions." + tensor.name())).toList());
  }

  /** Writes it to one safetensors file; not where there is no noise. */
  public void save(Path file) {
    SafeTensors.write(file, tensors(), Map.of("model", "leading-directions", "items", Integer.toString(items)));
  }

  private List<FloatTensor> tensors() {
    if (exact != null) {
      throw new IllegalStateException("a matrix without noise is not kept");
    }
    int count = count();
    float[] values = new float[count + 1];
    values[count] = (float) edge;
    float[] vectors = new float[Math.multiplyExact(count, items)];
    for (int k = 0; k < count; k++) {
      values[k] = (float) spectrum.values()[k];
      System.arraycopy(spectrum.vectors()[k], 0, vectors, k * items, items);
    }
    return List.of(new FloatTensor("values", new long[]{count + 1}, values),
        new FloatTensor("vectors", new long[]{count, items}, vectors));
  }

  /** Reads what {@link #save} wrote. */
  public static LeadingDirections load(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      float[] values = tensors.tensor("values").values();
      float[][] vectors = Dense.rows(tensors.tensor("vectors").values(), values.length - 1);
      double[] eigenvalues = new double[vectors.length];
      for (int k = 0; k < eigenvalues.length; k++) {
        eigenvalues[k] = values[k];
      }
      return new LeadingDirections(Integer.parseInt(tensors.metadata().getOrDefault("items", "0")),
          values[eigenvalues.length], new Spectrum(eigenvalues, vectors), null);
    }
  }
}
