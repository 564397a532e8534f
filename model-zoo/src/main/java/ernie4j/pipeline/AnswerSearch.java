package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the best spans of a context from one window after the other. */
final class AnswerSearch {
  /** How many spans share the probability, as in the original. */
  private static final int CANDIDATES = 20;

  private static final Comparator<Span> BEST_FIRST =
      Comparator.comparingDouble(Span::score)
          .reversed()
          .thenComparingInt(Span::first)
          .thenComparingInt(Span::last);

  private final QuestionAnswerer.Choice choice;
  private final int limit;
  private final List<Span> best = new ArrayList<>();
  private double noAnswer = Double.POSITIVE_INFINITY;

  AnswerSearch(QuestionAnswerer.Choice choice) {
    this.choice = choice;
    this.limit = Math.max(CANDIDATES, choice.best());
  }

  /** A span of tokens, counted in the encoding of the whole pair. */
  private record Span(int first, int last, double score) {}

  /**
   * Looks at all spans of a window that are short enough.
   *
   * @param logits the logits of start and end for every token, {@code [tokens, 2]}
   */
  void add(Window shown, float[] logits) {
    noAnswer = Math.min(noAnswer, (double) logits[0] + logits[1]);
    int shift = shown.from() - shown.fixed();
    int behind = shown.length() - 1;
    for (int s = shown.fixed(); s < behind; s++) {
      int stop = Math.min(behind, s + choice.maxAnswerTokens());
      for (int e = s; e < stop; e++) {
        double score = (double) logits[2 * s] + logits[2 * e + 1];
        if (best.size() < limit || score > best.get(best.size() - 1).score) {
          keep(new Span(s + shift, e + shift, score));
        }
      }
    }
  }

  /** If several windows show a span, its best score counts. */
  private void keep(Span span) {
    for (int i = 0; i < best.size(); i++) {
      Span other = best.get(i);
      if (other.first == span.first && other.last == span.last) {
        if (other.score >= span.score) {
          return;
        }
        best.remove(i);
        break;
      }
    }
    best.add(span);
    best.sort(BEST_FIRST);
    if (best.size() > limit) {
      best.remove(limit);
    }
  }

  QuestionAnswerer.Result result(Encoding encoding, String context, boolean truncated) {
    double top = best.get(0).score;
    double reference = choice.mayBeNone() ? Math.max(top, noAnswer) : top;
    double none = choice.mayBeNone() ? Math.exp(noAnswer - reference) : 0;
    double sum = none;
    for (Span span : best) {
      sum += Math.exp(span.score - reference);
    }
    List<QuestionAnswerer.Answer> answers = new ArrayList<>();
    if (!choice.mayBeNone() || noAnswer - top <= choice.threshold()) {
      for (Span span : best.subList(0, Math.min(choice.best(), best.size()))) {
        int start = encoding.start(span.first);
        int end = encoding.end(span.last);
        answers.add(
            new QuestionAnswerer.Answer(
                context.substring(start, end),
                start,
                end,
                span.score,
                Math.exp(span.score - reference) / sum));
      }
    }
    return new QuestionAnswerer.Result(answers, none / sum, truncated);
  }
}
