package ernie4j.cli.ask;

import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.InformationExtractor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Terminal colors for the names of a schema and for the spans found for them. */
final class Highlight {
  private static final String RESET = "\u001b[0m";

  /** Background colors for black letters. */
  private static final int[] BACKGROUNDS = {43, 46, 45, 42, 44, 41, 103, 106, 105, 102};

  private final Map<String, Integer> colours = new LinkedHashMap<>();
  private final List<Place> places = new ArrayList<>();

  private Highlight() {}

  /** A span and its color. */
  private record Place(int start, int end, int colour) {
    int length() {
      return end - start;
    }
  }

  /** No colors. */
  static Highlight none() {
    return new Highlight();
  }

  /** A color for each name that has answers, in order; they repeat if there are many. */
  static Highlight of(InformationExtractor.Result result) {
    Highlight highlight = new Highlight();
    highlight.add(result.extractions());
    // A span within another one stays visible.
    highlight.places.sort(Comparator.comparingInt(Place::length).reversed());
    return highlight;
  }

  private void add(Map<String, List<Extraction>> named) {
    named.forEach(
        (name, found) -> {
          int colour =
              colours.computeIfAbsent(
                  name, unused -> BACKGROUNDS[colours.size() % BACKGROUNDS.length]);
          for (Extraction e : found) {
            if (!e.isOption()) {
              places.add(new Place(e.start(), e.end(), colour));
            }
            add(e.relations());
          }
        });
  }

  /** A name in its color. */
  String name(String name) {
    Integer colour = colours.get(name);
    return colour == null ? name : begin(colour) + name + RESET;
  }

  /** A text with its spans in their colors. */
  String text(String text) {
    int[] ofChars = new int[text.length()];
    for (Place place : places) {
      for (int i = place.start; i < place.end; i++) {
        ofChars[i] = place.colour;
      }
    }
    StringBuilder coloured = new StringBuilder();
    int now = 0;
    for (int i = 0; i < ofChars.length; i++) {
      if (ofChars[i] != now) {
        coloured.append(now == 0 ? "" : RESET).append(ofChars[i] == 0 ? "" : begin(ofChars[i]));
        now = ofChars[i];
      }
      coloured.append(text.charAt(i));
    }
    return coloured.append(now == 0 ? "" : RESET).toString();
  }

  private static String begin(int background) {
    return "\u001b[30;" + background + "m";
  }
}
