package io.sfumato.recommend.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How hyper-parameters are chosen on the validation interactions.
 *
 * @param trials most trials of each item model, 0 to 1,000; 0 takes settings as they stand
 * @param time how long all searching may take, such as {@code 10m}, {@code 90s} or {@code 1h}; null to go by {@code trials}
 * @param refit whether what was chosen is fitted on training and validation interactions together in the end
 */
public record TuningSettings(int trials, @Nullable String time, boolean refit) {

  private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smh])");

  public TuningSettings {
    Check.within("tuning.trials", trials, 0, 1000);
    if (time != null && (!TIME.matcher(time).matches() || parsed(time).isZero())) {
      throw new ConfigException("BAD_VALUE", "tuning.time",
          "tuning.time must be a number of seconds, minutes or hours such as 90s, 10m or 1h but was '%s'".formatted(
              time));
    }
  }

  /** How long all searching may take, or null where it goes by trials. */
  public @Nullable Duration duration() {
    return time == null ? null : parsed(time);
  }

  private static Duration parsed(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException(text);
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
