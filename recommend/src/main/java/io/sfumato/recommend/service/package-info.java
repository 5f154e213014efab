/**
 * A recommender over HTTP, for those who do not run Java, and a page to look at it: {@link io.sfumato.recommend.service.RecommenderService}.
 *
 * <p>How a request goes: {@code Connections} bounds its bytes and its time, {@code Front} finds its {@code Route}, {@code Gate} asks for the token, {@code WorkPool} does the work or refuses it under overload, and one
 * of the {@code …Calls} asks the {@link io.sfumato.recommend.RecommenderSource}.
 */
@NullMarked
package io.sfumato.recommend.service;

import org.jspecify.annotations.NullMarked;
