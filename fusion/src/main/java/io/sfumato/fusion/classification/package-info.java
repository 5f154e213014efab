/**
 * Labels for items by what is written of them and what is seen: the same encoders, projections and fusion as for recommendation, with a linear head.
 *
 * <pre>{@code
 * LabelledItems data = LabelledItems.of(shop.catalog(), "category");
 * try (Classifier classifier = ClassifierTrainer.builder()
 *     .modality(Modality.text(MiniLm.load()))
 *     .config(ClassifierConfig.builder().epochs(10).build())
 *     .build()
 *     .train(data, ItemParts.byHash(42), Progress.silent())) {
 *   classifier.save(Path.of("categories"));
 *   List<Prediction> said = classifier.predict(newItems, Progress.silent());
 * }
 * }</pre>
 *
 * <p>With few examples {@link io.sfumato.fusion.classification.FewShotTrainer} takes the trainer's place, with none {@link io.sfumato.fusion.classification.ZeroShot}; all give a
 * {@link io.sfumato.fusion.classification.Classifier}.
 */
@NullMarked
package io.sfumato.fusion.classification;

import org.jspecify.annotations.NullMarked;
