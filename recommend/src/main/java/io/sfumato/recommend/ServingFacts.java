package io.sfumato.recommend;

import io.sfumato.recommend.retrieval.IndexMemory;

/**
 * How much an open recommender holds, at one moment: for dashboards. Cheap to ask for, also every second.
 *
 * @param items that can be recommended
 * @param changedItems put since training, new ones and replacements, whether or not they were removed again
 * @param feedbackLogBytes size of the log of what people took since training
 * @param catalogLogBytes size of the log of items put and removed since training
 * @param index what the index needs
 */
public record ServingFacts(int items, int changedItems, long feedbackLogBytes, long catalogLogBytes,
    IndexMemory index) {}
