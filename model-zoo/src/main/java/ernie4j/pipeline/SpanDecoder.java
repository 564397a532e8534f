package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the probabilities of a prompt and a piece into answers, and the answers of pieces into
 * those of the text.
 */
final class SpanDecoder {
  private SpanDecoder() {}

  /** The positions of the tokens of {@code [CLS] prompt [SEP] piece [SEP]}. */
  interface Places {
    /** Whether a token is in the prompt or in the piece, not [CLS], [SEP] or padding. */
    boolean isInText(int token);

    /** Whether a token is in the prompt; else it is in the piece or special. */
    boolean isInPrompt(int token);

    /** Index of a token's first char (UTF-16) in prompt or piece. */
    int start(int token);

    /** Index after its last char. */
    int end(int token);

    /** The positions of an encoded pair. */
    static Places of(Encoding pair) {
      return new Places() {
        @Override
        public boolean isInText(int token) {
          return !pair.isSpecial(token);
        }

        @Override
        public boolean isInPrompt(int token) {
          return !pair.isSpecial(token) && pair.sequence(token) == 0;
        }

        @Override
        public int start(int token) {
          return pair.start(token);
        }

        @Override
        public int end(int token) {
          return pair.end(token);
        }
      };
    }
  }

  /**
   * An answer to one prompt in one piece.
   *
   * @param inPrompt whether it is a part of the prompt, which its positions then refer to; else of
   *     the piece
   */
  record Answer(String text, int start, int end, boolean inPrompt, double probability) {}

  /**
   * The answers in the order of their tokens, so that those of the prompt come first. A span that
   * begins or ends at a special token, or begins in the prompt and ends in the piece, is not an
   * answer.
   */
  static List<Answer> decode(
      String prompt,
      String piece,
      Places places,
      double[] starts,
      double[] ends,
      double threshold) {
    List<Answer> answers = new ArrayList<>();
    for (SpanPairing span : SpanPairing.of(starts, ends, threshold)) {
      int first = span.first();
      int last = span.last();
      boolean inPrompt = places.isInPrompt(first);
      if (places.isInText(first) && places.isInText(last) && inPrompt == places.isInPrompt(last)) {
        int start = places.start(first);
        int end = places.end(last);
        answers.add(
            new Answer(
                (inPrompt ? prompt : piece).substring(start, end),
                start,
                end,
                inPrompt,
                starts[first] * ends[last]));
      }
    }
    return answers;
  }

  /**
   * The answers of a text: if the prompt has options, the option that most pieces chose; else the
   * spans of all pieces.
   *
   * @param pieces where the pieces are
   * @param answers those of each piece
   */
  static List<Extraction> merge(
      String prompt, List<TextPieces.Piece> pieces, List<List<Answer>> answers) {
    if (Prompts.hasOptions(prompt)) {
      return elected(answers);
    }
    List<Extraction> all = new ArrayList<>();
    for (int p = 0; p < pieces.size(); p++) {
      int shift = pieces.get(p).start();
      for (Answer a : answers.get(p)) {
        if (!a.inPrompt) {
          all.add(new Extraction(a.text, a.start + shift, a.end + shift, a.probability, Map.of()));
        }
      }
    }
    return all;
  }

  /** Votes for an option. */
  private record Votes(String option, int count, double sum) {
    Votes plus(double probability) {
      return new Votes(option, count + 1, sum + probability);
    }
  }

  private static List<Extraction> elected(List<List<Answer>> answers) {
    Map<String, Votes> votes = new LinkedHashMap<>();
    for (List<Answer> ofPiece : answers) {
      Answer best = null;
      for (Answer a : ofPiece) {
        if (a.inPrompt && (best == null || a.probability > best.probability)) {
          best = a;
        }
      }
      if (best != null) {
        Votes before = votes.getOrDefault(best.text, new Votes(best.text, 0, 0));
        votes.put(best.text, before.plus(best.probability));
      }
    }
    // Of equal elements max returns the last and min the first.
    return votes.values().stream()
        .min(Comparator.comparingInt(Votes::count).thenComparingDouble(Votes::sum).reversed())
        .map(v -> List.of(new Extraction(v.option, -1, -1, v.sum / v.count, Map.of())))
        .orElse(List.of());
  }
}
