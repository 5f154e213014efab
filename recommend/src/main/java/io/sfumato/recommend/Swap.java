package io.sfumato.recommend;

import java.time.Duration;

/**
 * What it took to let another version serve.
 *
 * @param from the version that served
 * @param to the version that serves now
 * @param carried how many updates the new one had to be told
 * @param took from the call until the new one served; requests went on meanwhile
 * @param held how long updates, and nothing else, were held back
 */
public record Swap(String from, String to, int carried, Duration took, Duration held) {}
