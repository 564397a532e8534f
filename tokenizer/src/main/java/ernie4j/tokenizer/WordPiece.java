package ernie4j.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Greedy longest-match-first: the longest token that begins the word, then the longest that
 * continues it.
 */
final class WordPiece {
  /** A word with more code points is unknown as a whole. */
  private static final int MAX_WORD = 100;

  private static final String CONTINUATION = "##";

  private final Map<String, Integer> beginnings = new HashMap<>();
  private final Map<String, Integer> continuations = new HashMap<>();
  private final int[] singles = new int[0x10000];
  private final int unknown;
  private final int longest;

  WordPiece(Vocabulary vocabulary, int unknown) {
    this.unknown = unknown;
    Arrays.fill(singles, -1);
    int max = 1;
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.tokenOf(id);
      beginnings.put(token, id);
      if (token.length() == 1) {
        singles[token.charAt(0)] = id;
      }
      if (token.startsWith(CONTINUATION)) {
        continuations.put(token.substring(CONTINUATION.length()), id);
      }
      max = Math.max(max, token.codePointCount(0, token.length()));
    }
    longest = max;
  }

  /** Adds the pieces of the word {@code [from, to)} to the tokens. */
  void add(SourceText word, int from, int to, Tokens tokens) {
    if (to - from == 1 && word.codePoints[from] < singles.length) {
      int id = singles[word.codePoints[from]];
      tokens.add(id < 0 ? unknown : id, word.starts[from], word.ends[from]);
      return;
    }
    int before = tokens.length();
    if (to - from > MAX_WORD || !addPieces(word, from, to, tokens)) {
      tokens.cut(before);
      tokens.add(unknown, word.starts[from], word.ends[to - 1]);
    }
  }

  private boolean addPieces(SourceText word, int from, int to, Tokens tokens) {
    int at = from;
    while (at < to) {
      Map<String, Integer> candidates = at == from ? beginnings : continuations;
      int end = Math.min(to, at + longest);
      Integer id = null;
      while (end > at) {
        id = candidates.get(new String(word.codePoints, at, end - at));
        if (id != null) {
          break;
        }
        end--;
      }
      if (id == null) {
        return false;
      }
      tokens.add(id, word.starts[at], word.ends[end - 1]);
      at = end;
    }
    return true;
  }
}
