package ernie4j.engine.head;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the labels of tokens mark where spans begin and end. {@code O} is outside of all spans. A
 * letter gives the position of a token in its span: {@code B} the first, {@code I} or {@code M} a
 * further one, {@code E} or {@code L} the last, {@code S}, {@code U} or {@code W} a token that is a
 * span on its own. So BIO, BIOES, BMES, BILOU and IO are read alike.
 *
 * <ul>
 *   <li>{@code B-x} or {@code B_x}: the letter, then the type
 *   <li>{@code x-B} or {@code x_B}: the type, then the letter
 *   <li>{@code B}: there is one type, called {@value #UNTYPED}
 *   <li>{@code x}: the type only; neighboring tokens of one type are one span
 * </ul>
 */
public final class TagScheme {
  /** The label of a token outside of all spans. */
  public static final String OUTSIDE = "O";

  /** The type of spans whose labels name none. */
  public static final String UNTYPED = "span";

  /** Labels in the usual form, the letter before the type; an {@code I-x} begins nothing. */
  public static final TagScheme LETTER_FIRST = new TagScheme(Form.LETTER_FIRST, List.of(), false);

  private static final String LETTERS = "BIMELSUW";

  /**
   * Tags that are mistakes, not types: letters of other forms, lower-case ones too, and numbers.
   */
  private static final String NO_TYPE = "(?i)[A-Z]|[BIMELSUW][-_].+|.+[-_][BIMELSUW]|-?[0-9.]+";

  /** The position of a token in a span. */
  enum Place {
    OUTSIDE,
    FIRST,
    INSIDE,
    LAST,
    ALONE;

    static Place of(char letter) {
      return switch (letter) {
        case 'B' -> FIRST;
        case 'E', 'L' -> LAST;
        case 'S', 'U', 'W' -> ALONE;
        default -> INSIDE;
      };
    }
  }

  /** What a label says. */
  record Tag(Place place, String type) {
    static final Tag NONE = new Tag(Place.OUTSIDE, "");
  }

  private enum Form {
    LETTER_FIRST,
    TYPE_FIRST,
    LETTER,
    /** Everything but the names of special tokens. */
    TYPE;

    // Without regular expressions: joint models read the labels of every text.
    @Nullable Tag read(String label) {
      int end = label.length() - 1;
      return switch (this) {
        case LETTER_FIRST ->
            end >= 2 && isLetter(label.charAt(0)) && isSeparator(label.charAt(1))
                ? new Tag(Place.of(label.charAt(0)), label.substring(2))
                : null;
        case TYPE_FIRST ->
            end >= 2 && isLetter(label.charAt(end)) && isSeparator(label.charAt(end - 1))
                ? new Tag(Place.of(label.charAt(end)), label.substring(0, end - 1))
                : null;
        case LETTER ->
            end == 0 && isLetter(label.charAt(0))
                ? new Tag(Place.of(label.charAt(0)), UNTYPED)
                : null;
        case TYPE -> label.isEmpty() || isSpecialToken(label) ? null : new Tag(Place.INSIDE, label);
      };
    }

    private static boolean isLetter(char c) {
      return LETTERS.indexOf(c) >= 0;
    }

    private static boolean isSeparator(char c) {
      return c == '-' || c == '_';
    }

    private static boolean isSpecialToken(String label) {
      return (label.startsWith("[") && label.endsWith("]"))
          || (label.startsWith("<") && label.endsWith(">"))
          || label.equalsIgnoreCase("PAD");
    }
  }

  private final Form form;
  private final boolean insideBegins;

  /** The labels of every type by their place. */
  private final Map<String, Map<Place, String>> byType = new TreeMap<>();

  private TagScheme(Form form, Collection<String> labels, boolean insideBegins) {
    this.form = form;
    for (String label : labels) {
      Tag tag = form.read(label);
      if (tag != null && !label.equals(OUTSIDE)) {
        byType
            .computeIfAbsent(tag.type(), type -> new EnumMap<>(Place.class))
            .putIfAbsent(tag.place(), label);
      }
    }
    this.insideBegins = insideBegins || byType.values().stream().anyMatch(TagScheme::cannotBegin);
  }

  /** A model with such a type was trained on IOB1, where B- only separates neighbors. */
  private static boolean cannotBegin(Map<Place, String> places) {
    return !places.containsKey(Place.FIRST) && !places.containsKey(Place.ALONE);
  }

  /**
   * Determines the scheme of a model's labels: the first that fits at least half of them. Labels
   * that it does not fit, such as that of padding, are outside of all spans. An {@code I-x} begins
   * a span only if some type has no label that does.
   *
   * @param labels the labels of a model
   * @return the scheme; {@link #LETTER_FIRST} if none fits
   */
  public static TagScheme ofLabels(Collection<String> labels) {
    List<String> names =
        labels.stream()
            .filter(l -> !l.equals(OUTSIDE) && Form.TYPE.read(l) != null)
            .collect(Collectors.toList());
    for (Form form : Form.values()) {
      long read = names.stream().filter(name -> form.read(name) != null).count();
      // Half of them, because models also name padding and the like; single letters may be types.
      if (read > 0 && (form == Form.LETTER ? read == names.size() : 2 * read >= names.size())) {
        return new TagScheme(form, names, false);
      }
    }
    return LETTER_FIRST;
  }

  /**
   * Determines the scheme of the tags in annotated texts: the one that fits all of them or, if
   * there is none, that of the first tag other than {@code O}. An {@code I-x} that continues
   * nothing begins a span.
   *
   * @param tags the tags of the texts
   * @return the scheme
   */
  public static TagScheme ofTags(Collection<String> tags) {
    Set<String> names = new HashSet<>(tags);
    // Types alone are distinguished from other words, such as classes of whole texts, only by an O.
    boolean outside = names.remove(OUTSIDE);
    Form first = Form.LETTER_FIRST;
    for (Form form : Form.values()) {
      if (form == Form.TYPE
          && (!outside || names.stream().anyMatch(name -> name.matches(NO_TYPE)))) {
        break;
      }
      if (names.stream().allMatch(name -> form.read(name) != null)) {
        return new TagScheme(form, names, true);
      }
    }
    for (String tag : tags) {
      if (!tag.equals(OUTSIDE)) {
        first = Form.TYPE_FIRST.read(tag) != null ? Form.TYPE_FIRST : Form.LETTER_FIRST;
        break;
      }
    }
    return new TagScheme(first, names, true);
  }

  /**
   * Checks whether a label belongs to this scheme.
   *
   * @param label a label
   * @return whether it tells the position of a token
   */
  public boolean reads(String label) {
    return label.equals(OUTSIDE) || form.read(label) != null;
  }

  /** {@return what labels of this scheme look like, for messages} */
  public String description() {
    return switch (form) {
      case LETTER_FIRST -> "O, B-x or I-x, also M-x, E-x, L-x, S-x, U-x and W-x";
      case TYPE_FIRST -> "O, x-B or x-I, also x-M, x-E, x-L, x-S, x-U and x-W";
      case LETTER -> "O, B, I, M, E, L, S, U or W";
      case TYPE -> "O or a type";
    };
  }

  Tag tag(String label) {
    Tag tag = label.equals(OUTSIDE) ? null : form.read(label);
    return tag == null ? Tag.NONE : tag;
  }

  boolean insideBegins() {
    return insideBegins;
  }

  /** {@return the types of spans that the labels stand for, sorted; unmodifiable} */
  public Set<String> types() {
    return Collections.unmodifiableSet(byType.keySet());
  }

  /**
   * Returns the label of a token in a span.
   *
   * @param type the type of the span
   * @param index index of the token in the span, from 0
   * @param tokens the number of tokens of the span
   * @return the label; null if no label of the scheme expresses this
   */
  public @Nullable String label(String type, int index, int tokens) {
    Map<Place, String> places = byType.getOrDefault(type, Map.of());
    String first = places.getOrDefault(Place.FIRST, places.get(Place.INSIDE));
    if (tokens == 1) {
      return places.getOrDefault(Place.ALONE, first);
    }
    return index == 0
        ? first
        : index == tokens - 1
            ? places.getOrDefault(Place.LAST, places.get(Place.INSIDE))
            : places.get(Place.INSIDE);
  }
}
