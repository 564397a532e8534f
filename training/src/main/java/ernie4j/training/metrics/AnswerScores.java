package ernie4j.training.metrics;

import ernie4j.tokenizer.UnicodeData;
import java.util.ArrayList;
import java.util.List;

/**
 * Exact match and F1 of answers, in percent, as the evaluation script of CMRC 2018 counts them. Of
 * several expected answers the best counts. Of a question that has no answer, the empty answer is
 * right and every other wrong, as in SQuAD 2.
 *
 * <p>Texts are lower-cased, stripped, and lose the punctuation that the script lists. For F1 they
 * are cut into segments: every Chinese character (U+4E00 to U+9FA5) is one, other text is cut at
 * spaces and ASCII punctuation (the script leaves this to NLTK's English tokenizer, which agrees
 * except for contractions and the like). With l, the length in segments of the longest run that
 * both share, precision is l / predicted, recall l / expected.
 */
public final class AnswerScores {
  private static final String PUNCTUATION = "-:_*^/\\~`+=，。：？！“”；’《》…·、「」（）－～『』";

  private static final int FINAL_SIGMA = 'ς';
  private static final int DOTTED_I = 0x130;

  private final Tally answerable = new Tally();
  private final Tally impossible = new Tally();

  private static final class Tally {
    private double exact;
    private double f1;
    private int questions;

    void add(boolean isExact, double ownF1) {
      exact += isExact ? 1 : 0;
      f1 += ownF1;
      questions++;
    }
  }

  /**
   * Counts one question.
   *
   * @param expected the answers that are right; none if the question is known to have no answer.
   *     Questions that are not labelled must not be counted
   * @param predicted the answer found; empty if none was
   */
  public void add(List<String> expected, String predicted) {
    Tally tally = expected.isEmpty() ? impossible : answerable;
    tally.add(isExact(expected, predicted), f1(expected, predicted));
  }

  /** Counts one question that could not be read: it is wrong, also if it has no answer. */
  public void addUnanswered(List<String> expected) {
    (expected.isEmpty() ? impossible : answerable).add(false, 0);
  }

  /**
   * Percent of questions whose answer is right but for punctuation and case; 0 while no question
   * has an answer, of which {@link #impossibleAccuracy} speaks: texts that nobody has labelled must
   * not look like perfect results.
   */
  public double exactMatch() {
    return answerable() == 0 ? 0 : percent(answerable.exact + impossible.exact, questions());
  }

  /** Mean F1 of the questions; 0 while no question has an answer. */
  public double f1() {
    return answerable() == 0 ? 0 : percent(answerable.f1 + impossible.f1, questions());
  }

  /** How many questions were counted. */
  public int questions() {
    return answerable() + impossible();
  }

  /** How many of the questions have an answer. */
  public int answerable() {
    return answerable.questions;
  }

  /** How many of the questions have none. */
  public int impossible() {
    return impossible.questions;
  }

  /** {@link #exactMatch()} of the questions that have an answer, SQuAD 2's HasAns_exact. */
  public double answerableExactMatch() {
    return percent(answerable.exact, answerable());
  }

  /** {@link #f1()} of the questions that have an answer, SQuAD 2's HasAns_f1. */
  public double answerableF1() {
    return percent(answerable.f1, answerable());
  }

  /**
   * Percent of the questions without an answer for which none was found; exact match and F1 in one,
   * SQuAD 2's NoAns_exact and NoAns_f1.
   */
  public double impossibleAccuracy() {
    return percent(impossible.exact, impossible());
  }

  private static double percent(double sum, int questions) {
    return 100 * sum / Math.max(1, questions);
  }

  /**
   * Whether an answer is one of the expected but for punctuation and case.
   *
   * @param expected none if the question has no answer: then only an empty one is right, which in
   *     turn is never right otherwise
   */
  public static boolean isExact(List<String> expected, String predicted) {
    return (expected.isEmpty() || predicted.isBlank())
        ? expected.isEmpty() && predicted.isBlank()
        : expected.stream().anyMatch(e -> isExact(e, predicted));
  }

  /**
   * F1 against the expected answer that is nearest, from 0 to 1.
   *
   * @param expected none if the question has no answer: then an empty one has 1, any other 0
   */
  public static double f1(List<String> expected, String predicted) {
    return expected.isEmpty()
        ? (predicted.isBlank() ? 1 : 0)
        : expected.stream().mapToDouble(e -> f1(e, predicted)).max().orElse(0);
  }

  /** Whether two answers are equal but for punctuation and case. */
  public static boolean isExact(String expected, String predicted) {
    return withoutPunctuation(expected).equals(withoutPunctuation(predicted));
  }

  /** F1 of one answer against another, from 0 to 1. */
  public static double f1(String expected, String predicted) {
    List<String> wanted = segments(expected);
    List<String> found = segments(predicted);
    int common = longestCommonRun(wanted, found);
    return common == 0 ? 0 : 2.0 * common / (wanted.size() + found.size());
  }

  private static String normalised(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    text.strip().codePoints().forEach(c -> appendLowerCase(lower, c));
    return lower.toString();
  }

  /** Not the lower case of the JVM, which knows fewer letters the older it is. */
  private static void appendLowerCase(StringBuilder text, int c) {
    switch (c) {
      case FINAL_SIGMA -> text.append('σ'); // Which of both is lower case depends on the place.
      case DOTTED_I -> text.append("i\u0307");
      default -> text.appendCodePoint(UnicodeData.lowerCase(c));
    }
  }

  private static boolean isPunctuation(int c) {
    return PUNCTUATION.indexOf(c) >= 0;
  }

  private static String withoutPunctuation(String text) {
    StringBuilder kept = new StringBuilder();
    normalised(text).codePoints().filter(c -> !isPunctuation(c)).forEach(kept::appendCodePoint);
    return kept.toString();
  }

  static List<String> segments(String text) {
    List<String> segments = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int[] points = withoutPunctuation(text).codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      boolean alone = isAlone(points[i], i + 1 < points.length ? points[i + 1] : ' ');
      if (alone && !word.isEmpty()) {
        segments.add(word.toString());
        word.setLength(0);
      }
      if (!alone) {
        word.appendCodePoint(points[i]);
      } else if (!Character.isWhitespace(points[i])) {
        segments.add(Character.toString(points[i]));
      }
    }
    if (!word.isEmpty()) {
      segments.add(word.toString());
    }
    return segments;
  }

  /** A point or comma belongs to a word or number that goes on behind it. */
  private static boolean isAlone(int c, int next) {
    boolean inside = (c == '.' || c == ',') && next < 128 && Character.isLetterOrDigit(next);
    boolean chinese = c >= 0x4E00 && c <= 0x9FA5;
    return chinese || (c < 128 && !Character.isLetterOrDigit(c) && !inside);
  }

  private static int longestCommonRun(List<String> a, List<String> b) {
    int longest = 0;
    int[] above = new int[b.size() + 1];
    for (String segment : a) {
      int[] run = new int[b.size() + 1];
      for (int j = 0; j < b.size(); j++) {
        if (segment.equals(b.get(j))) {
          run[j + 1] = above[j] + 1;
          longest = Math.max(longest, run[j + 1]);
        }
      }
      above = run;
    }
    return longest;
  }
}
