package io.sfumato.recommend.service;

import io.sfumato.recommend.RecommenderSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** For whoever runs the service: people, versions, swaps, snapshots. */
final class AdminCalls {
  private static final int MOST_USERS = 1_000;
  private static final int PAGE = 100;

  /** A name of one folder: nothing that leads elsewhere. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final RecommenderSource source;
  private final @Nullable Path snapshots;

  /** @param snapshots where they go; null where none may be made */
  AdminCalls(RecommenderSource source, @Nullable Path snapshots) {
    this.source = source;
    this.snapshots = snapshots;
  }

  Answer users(Asked asked) {
    Fields fields = asked.fields(Set.of("from", "count"));
    int from = fields.number("from", 0, Integer.MAX_VALUE, 0);
    int count = fields.number("count", 1, MOST_USERS, PAGE);
    return source.use(recommender -> {
      List<String> users = recommender.users().stream().skip(from).limit(count).toList();
      return Answer.json(Map.of("users", users));
    });
  }

  Answer versions(Asked asked) {
    asked.fields(Set.of());
    return versions();
  }

  Answer swap(Asked asked) {
    source.swap(asked.fields(Set.of("version")).text("version", 128));
    return versions();
  }

  Answer snapshot(Asked asked) {
    String name = asked.fields(Set.of("name")).text("name", 64);
    if (!NAME.matcher(name).matches()) {
      throw new Problem(400, "BAD_FIELD",
          "'name' must be 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first");
    }
    if (snapshots == null) {
      throw new Problem(409, "NO_SNAPSHOTS",
          "the service was started without a folder for snapshots; give --snapshots");
    }
    Path target = snapshots.resolve(name);
    if (Files.exists(target)) {
      throw new Problem(409, "SNAPSHOT_EXISTS", "there is a snapshot '%s' already; give another name".formatted(name));
    }
    return source.use(recommender -> {
      recommender.snapshot(target);
      return Answer.json(Map.of("name", name)).status(201);
    });
  }

  private Answer versions() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("current", source.current());
    answer.put("versions", source.versions());
    return Answer.json(answer);
  }
}
