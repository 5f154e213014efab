package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Embedding;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What turns token ids into the first states: words, types where there are any, positions, a norm where there is one. */
final class TokenEmbeddings implements Layer {
  private final Embedding words;
  private final @Nullable Embedding types;
  private final PositionEmbedding positions;
  private final @Nullable LayerNorm norm;

  /**
   * Fresh tables.
   *
   * @param names prefixes of the parameters' names
   */
  TokenEmbeddings(Names names, TransformerConfig config, Init init) {
    int width = config.width();
    words = new Embedding(names.words, config.vocabulary(), width, init);
    types = names.types == null ? null : new Embedding(names.types, config.tokenTypes(), width, init);
    positions = new PositionEmbedding(init.normal(names.positions + ".weight", config.positions(), width),
        config.firstPosition());
    norm = names.norm == null ? null : new LayerNorm(names.norm, width, config.shape().eps(), init);
  }

  /** Prefixes of names; null for what the model has not. */
  record Names(String words, @Nullable String types, String positions, @Nullable String norm) {
    /** Those of BERT and RoBERTa. */
    static final Names BERT = new Names("embeddings.word_embeddings", "embeddings.token_type_embeddings",
        "embeddings.position_embeddings", "embeddings.LayerNorm");

    /** Those of DistilBERT, which has no types. */
    static final Names DISTILBERT = new Names(BERT.words, null, BERT.positions, BERT.norm);

    /** Those of CLIP's text tower, which has neither types nor a norm. */
    static final Names CLIP = new Names("text_model.embeddings.token_embedding", null,
        "text_model.embeddings.position_embedding", null);
  }

  /** The first states [n, t, width]. */
  NDArray forward(Scope scope, PaddedTokens batch, @Nullable Tape tape) {
    NDArray x = words.forward(scope, batch.ids(), tape);
    if (types != null) {
      x = x.add(types.forward(scope, batch.types(), tape));
    }
    x = positions.forward(scope, x, tape);
    return norm == null ? x : norm.forward(scope, x, tape);
  }

  @Override
  public List<Layer> children() {
    List<Layer> all = new ArrayList<>(List.of(words));
    if (types != null) {
      all.add(types);
    }
    all.add(positions);
    if (norm != null) {
      all.add(norm);
    }
    return all;
  }
}
