package io.sfumato.recommend.audit;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds what looks like personal data in a text. Precision goes before recall: a catalogue is full of numbers, and a scan that cries wolf is not read.
 *
 * <ul>
 * <li>{@code e-mail}: a local part, a domain and a top-level domain of letters; not the example domains of RFC 2606, and not file names such as {@code icon@2x.png}.
 * <li>{@code card}: 14 to 19 digits with the prefix and the length of a card brand and the check digit of Luhn (ISO/IEC 7812-1). 13 digits are a bar code, not a card.
 * <li>{@code iban}: country, length of the country, and remainder 1 modulo 97 (ISO 13616).
 * <li>{@code phone}: what libphonenumber holds to be a valid number: with {@code +} and country code, and those of one region without, where one is given.
 * </ul>
 *
 * <p>Takes time in proportion to the text, whatever it holds. Thread-safe.
 */
final class PersonalData {
  /** Texts are looked at piece by piece, so that no text takes long. */
  private static final int PIECE = 1 << 15;
  private static final int OVERLAP = 128;
  private static final int MOST_LOCAL = 64;
  private static final int MOST_DOMAIN = 253;

  private static final Set<String> FILES = Set.of("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "tif", "tiff",
      "css", "js", "html", "htm", "json", "xml", "txt", "csv", "pdf", "zip", "mp");

  /** Lengths of IBANs by country: the registry of ISO 13616. */
  private static final Map<String, Integer> IBAN_LENGTHS = lengths(
      "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30");

  private final String region;

  /** @param region two letters, such as {@code DE}, whose national numbers count too; "" for none */
  PersonalData(String region) {
    String upper = region.toUpperCase(Locale.ROOT);
    if (!upper.isEmpty() && !PhoneNumberUtil.getInstance().getSupportedRegions().contains(upper)) {
      throw new IllegalArgumentException("there are no phone numbers of a region '" + region
          + "'; give the two letters of a country, such as DE, or none");
    }
    this.region = upper;
  }

  /**
   * Something that was found.
   *
   * @param kind {@code e-mail}, {@code card}, {@code iban} or {@code phone}
   * @param start where it begins
   * @param value as it stands in the text
   */
  record Match(String kind, int start, String value) {
    /** The first and the last characters alone, to find it again by. */
    String masked() {
      int shown = value.length() < 8 ? 1 : 2;
      return value.substring(0, shown) + "…" + value.substring(value.length() - shown);
    }
  }

  /** What a text holds, in its order; what is an IBAN or a card is no phone number besides. */
  List<Match> find(String text) {
    Map<Integer, Match> found = new LinkedHashMap<>();
    for (int from = 0; from < Math.max(1, text.length()); from += PIECE - OVERLAP) {
      String piece = text.substring(from, Math.min(text.length(), from + PIECE));
      for (Match match : piece(piece)) {
        found.putIfAbsent(from + match.start, new Match(match.kind, from + match.start, match.value));
      }
    }
    return found.values().stream().sorted(Comparator.comparingInt(Match::start)).toList();
  }

  private List<Match> piece(String text) {
    List<Match> found = new ArrayList<>();
    emails(text, found);
    ibans(text, found);
    cards(text, found);
    boolean digits = text.chars().filter(Character::isDigit).limit(7).count() == 7;
    if (digits && (!region.isEmpty() || text.indexOf('+') >= 0 || text.indexOf('\uFF0B') >= 0)) {
      PhoneNumberUtil.getInstance()
          .findNumbers(text, region.isEmpty() ? "ZZ" : region, region.isEmpty() ? Leniency.VALID
              : Leniency.STRICT_GROUPING, 1000)
          .forEach(match -> phone(match, found));
    }
    return found;
  }

  private static void phone(PhoneNumberMatch match, List<Match> found) {
    boolean other = found.stream()
        .anyMatch(known -> known.start < match.end() && match.start() < known.start + known.value.length());
    if (!other) {
      found.add(new Match("phone", match.start(), match.rawString()));
    }
  }

  private static void emails(String text, List<Match> found) {
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      int start = at;
      while (start > 0 && at - start < MOST_LOCAL && isLocal(text.charAt(start - 1))) {
        start--;
      }
      while (start < at && text.charAt(start) == '.') {
        start++;
      }
      int end = at + 1;
      while (end < text.length() && end - at <= MOST_DOMAIN && isDomain(text.charAt(end))) {
        end++;
      }
      while (end > at + 1 && !Character.isLetterOrDigit(text.charAt(end - 1))) {
        end--;
      }
      if (start < at && isAddress(text.substring(at + 1, end))) {
        found.add(new Match("e-mail", start, text.substring(start, end)));
      }
    }
  }

  private static boolean isLocal(char c) {
    return Character.isLetterOrDigit(c) || "._%+-'".indexOf(c) >= 0;
  }

  private static boolean isDomain(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-';
  }

  private static boolean isAddress(String domain) {
    String lower = domain.toLowerCase(Locale.ROOT);
    String[] labels = lower.split("\\.", -1);
    String top = labels[labels.length - 1];
    boolean whole = labels.length >= 2 && top.length() >= 2 && top.chars().allMatch(Character::isLetter);
    for (String label : labels) {
      whole &= !label.isEmpty() && label.length() <= 63;
    }
    boolean example = labels.length >= 2
        && (labels[labels.length - 2].equals("example")
            || Set.of("example", "invalid", "test", "localhost").contains(top));
    return whole && !example && !FILES.contains(top);
  }

  private static void cards(String text, List<Match> found) {
    for (int start = 0; start < text.length(); start++) {
      if (!isAsciiDigit(text.charAt(start)) || (start > 0 && joins(text.charAt(start - 1)))) {
        continue;
      }
      StringBuilder digits = new StringBuilder();
      int end = start;
      for (int i = start; i < text.length() && digits.length() <= 20; i++) {
        char c = text.charAt(i);
        boolean gap = (c == ' ' || c == '-') && i + 1 < text.length() && isAsciiDigit(text.charAt(i + 1));
        if (!isAsciiDigit(c) && !gap) {
          break;
        }
        if (!gap) {
          digits.append(c);
          end = i + 1;
        }
      }
      if ((end == text.length() || !joins(text.charAt(end))) && isCard(digits.toString())) {
        found.add(new Match("card", start, text.substring(start, end)));
      }
      start = Math.max(start, end - 1);
    }
  }

  private static boolean isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether a digit beside this is part of something longer. */
  private static boolean joins(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '/';
  }

  private static boolean isCard(String digits) {
    int n = digits.length();
    if (n < 14 || n > 19 || digits.chars().distinct().count() < 2) {
      return false;
    }
    int two = Integer.parseInt(digits.substring(0, 2));
    int four = Integer.parseInt(digits.substring(0, 4));
    boolean brand = switch (n) {
      case 14 -> two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059);
      case 15 -> two == 34 || two == 37;
      case 16 -> two / 10 == 4 || (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || four == 6011
          || two == 65 || (four >= 3528 && four <= 3589);
      default -> (two / 10 == 4 && n == 19) || two == 62;
    };
    return brand && luhn(digits);
  }

  private static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighed = i % 2 == 0 ? digit : 2 * digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return sum % 10 == 0;
  }

  private static void ibans(String text, List<Match> found) {
    for (int start = 0; start + 15 <= text.length(); start++) {
      Integer length = IBAN_LENGTHS.get(text.substring(start, start + 2));
      boolean begins = length != null && isAsciiDigit(text.charAt(start + 2)) && isAsciiDigit(text.charAt(start + 3))
          && (start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)));
      if (length == null || !begins) {
        continue;
      }
      StringBuilder letters = new StringBuilder();
      int end = start;
      for (int i = start; i < text.length() && letters.length() < length; i++) {
        char c = text.charAt(i);
        if (isAsciiDigit(c) || (c >= 'A' && c <= 'Z')) {
          letters.append(c);
          end = i + 1;
        } else if (c != ' ') {
          break;
        }
      }
      boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
      if (ends && letters.length() == length && mod97(letters.toString()) == 1) {
        found.add(new Match("iban", start, text.substring(start, end)));
      }
    }
  }

  private static int mod97(String iban) {
    StringBuilder number = new StringBuilder();
    for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
      number.append(Character.digit(c, 36));
    }
    return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
  }

  private static Map<String, Integer> lengths(String list) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    for (String entry : list.split(" ", -1)) {
      lengths.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
    }
    return Map.copyOf(lengths);
  }
}
