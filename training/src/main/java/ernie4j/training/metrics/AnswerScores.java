package ernie4j.training.metrics;

import ernie4j.tokenizer.UnicodeData;
import java.util.ArrayList;
import java.util.List;

/**
 * Exact match and F1 of answers, in percent, as the evaluation script of CMRC 2018 counts them. If
 * there are several expected answers, the best match counts. For a question without an answer, only
 * the empty answer is right, as in SQuAD 2.
 *
 * <p>Texts are converted to lower case and stripped, and lose the punctuation that the script
 * lists. For F1 they are cut into segments: every Chinese character (U+4E00 to U+9FA5) is one,
 * other text is cut at spaces and ASCII punctuation (the script uses NLTK's English tokenizer,
 * which agrees except for contractions and the like). With l, the length in segments of the longest
 * run that both share, precision is l / predicted and recall is l / expected.
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

  /** Metrics with nothing counted yet. */
  public AnswerScores() {}

  /**
   * Counts one question.
   *
   * @param expected the right answers; empty if the question is known to have no answer. Unlabelled
   *     questions must not be counted
   * @param predicted the answer that was found; empty if none was
   */
  public void add(List<String> expected, String predicted) {
    Tally tally = expected.isEmpty() ? impossible : answerable;
    tally.add(isExact(expected, predicted), f1(expected, predicted));
  }

  /**
   * Counts one question that could not be read. It is wrong even if it has no answer.
   *
   * @param expected the right answers; empty if the question is known to have no answer
   */
  public void addUnanswered(List<String> expected) {
    (expected.isEmpty() ? impossible : answerable).add(false, 0);
  }

  /**
   * The percentage of questions whose answer is right except for punctuation and case. It is 0
   * while no question has an answer, so that unlabelled texts do not look like perfect results;
   * {@link #impossibleAccuracy} covers the others.
   *
   * @return from 0 to 100
   */
  public double exactMatch() {
    return answerable() == 0 ? 0 : percent(answerable.exact + impossible.exact, questions());
  }

  /**
   * The mean F1 of the questions.
   *
   * @return from 0 to 100; 0 while no question has an answer
   */
  public double f1() {
    return answerable() == 0 ? 0 : percent(answerable.f1 + impossible.f1, questions());
  }

  /** {@return the number of questions counted} */
  public int questions() {
    return answerable() + impossible();
  }

  /** {@return how many of the questions have an answer} */
  public int answerable() {
    return answerable.questions;
  }

  /** {@return how many of the questions have no answer} */
  public int impossible() {
    return impossible.questions;
  }

  /**
   * {@link #exactMatch()} of the questions that have an answer; SQuAD 2 calls it HasAns_exact.
   *
   * @return from 0 to 100; 0 if there are none
   */
  public double answerableExactMatch() {
    return percent(answerable.exact, answerable());
  }

  /**
   * {@link #f1()} of the questions that have an answer; SQuAD 2 calls it HasAns_f1.
   *
   * @return from 0 to 100; 0 if there are none
   */
  public double answerableF1() {
    return percent(answerable.f1, answerable());
  }

  /**
   * The percentage of questions without an answer for which none was found. It equals both
   * NoAns_exact and NoAns_f1 of SQuAD 2.
   *
   * @return from 0 to 100; 0 if there are none
   */
  public double impossibleAccuracy() {
    return percent(impossible.exact, impossible());
  }

  private static double percent(double sum, int questions) {
    return 100 * sum / Math.max(1, questions);
  }

  /**
   * Whether an answer is one of the expected ones except for punctuation and case.
   *
   * @param expected the right answers; if there are none, only an empty answer is right, which in
   *     turn is never right otherwise
   * @param predicted the answer that was found; empty if none was
   * @return whether it is right
   */
  public static boolean isExact(List<String> expected, String predicted) {
    return (expected.isEmpty() || predicted.isBlank())
        ? expected.isEmpty() && predicted.isBlank()
        : expected.stream().anyMatch(e -> isExact(e, predicted));
  }

  /**
   * The F1 of an answer against the most similar expected one.
   *
   * @param expected the right answers; if there are none, an empty answer has 1 and any other 0
   * @param predicted the answer that was found; empty if none was
   * @return from 0 to 1
   */
  public static double f1(List<String> expected, String predicted) {
    return expected.isEmpty()
        ? (predicted.isBlank() ? 1 : 0)
        : expected.stream().mapToDouble(e -> f1(e, predicted)).max().orElse(0);
  }

  /**
   * Whether two answers are equal except for punctuation and case.
   *
   * @param expected the right answer
   * @param predicted the answer that was found
   * @return whether they are equal
   */
  public static boolean isExact(String expected, String predicted) {
    return withoutPunctuation(expected).equals(withoutPunctuation(predicted));
  }

  /**
   * The F1 of one answer against another.
   *
   * @param expected the right answer
   * @param predicted the answer that was found
   * @return from 0 to 1
   */
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

  /** Does not use the lower case of the JVM, because older JVMs know fewer letters. */
  private static void appendLowerCase(StringBuilder text, int c) {
    switch (c) {
      case FINAL_SIGMA -> text.append('σ'); // The same letter at the end of a word.
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

  /** Whether a character is not part of a word; a point or comma before a letter or digit is. */
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
