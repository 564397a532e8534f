package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the longest of some tokens at a position of a text. */
final class TokenSearch {
  /** A token, how many code points it has, and its id. */
  record Entry(String text, int length, int id) {}

  /** By their first code point, the longest first. */
  private final Map<Integer, List<Entry>> entries = new HashMap<>();

  void add(String token, int id) {
    List<Entry> same = entries.computeIfAbsent(token.codePointAt(0), unused -> new ArrayList<>());
    same.add(new Entry(token, token.codePointCount(0, token.length()), id));
    same.sort(Comparator.comparingInt((Entry entry) -> entry.text().length()).reversed());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean contains(String token) {
    return entries.getOrDefault(token.codePointAt(0), List.of()).stream()
        .anyMatch(entry -> entry.text().equals(token));
  }

  /** The token at a char of a text, which begins with the code point {@code first}. */
  @Nullable Entry longestAt(String text, int at, int first) {
    List<Entry> same = entries.get(first);
    if (same != null) {
      for (Entry entry : same) {
        if (text.startsWith(entry.text(), at)) {
          return entry;
        }
      }
    }
    return null;
  }

  /** The token at a code point of a text. */
  @Nullable Entry longestAt(SourceText text, int at) {
    List<Entry> same = entries.get(text.codePoints[at]);
    if (same != null) {
      for (Entry entry : same) {
        if (matches(text, at, entry)) {
          return entry;
        }
      }
    }
    return null;
  }

  private static boolean matches(SourceText text, int at, Entry entry) {
    if (entry.length() > text.length - at) {
      return false;
    }
    int place = 0;
    for (int i = at; i < at + entry.length(); i++) {
      int c = entry.text().codePointAt(place);
      if (text.codePoints[i] != c) {
        return false;
      }
      place += Character.charCount(c);
    }
    return true;
  }
}
