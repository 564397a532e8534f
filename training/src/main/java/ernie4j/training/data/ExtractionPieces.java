package ernie4j.training.data;

import ernie4j.training.data.ExtractionExample.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Cuts examples whose text is too long for a model.
 *
 * <p>A piece has as many characters (code points) as there is room for. It ends earlier if it would
 * otherwise cut an answer in two. An answer that is longer than a piece is lost, and so is one of
 * several overlapping answers that leave nowhere to cut. Options are answers of every piece.
 */
public final class ExtractionPieces {
  /** The special tokens of an input: [CLS] and two [SEP]. */
  public static final int SPECIALS = 3;

  private ExtractionPieces() {}

  /**
   * Computes how many characters of a text fit into an input besides a prompt.
   *
   * @param prompt the prompt of an example
   * @param maxLength the longest input in tokens, [CLS] and [SEP] included
   * @return the number of characters (code points), at least 1
   * @throws IllegalArgumentException if the prompt leaves no room for a text
   */
  public static int room(String prompt, int maxLength) {
    int room = maxLength - prompt.codePointCount(0, prompt.length()) - SPECIALS;
    if (room < 1) {
      throw new IllegalArgumentException(
          "the prompt '%s' leaves no room for a text in an input of %d tokens, of which %d are special; make the prompt shorter or inputs longer"
              .formatted(prompt, maxLength, SPECIALS));
    }
    return room;
  }

  /**
   * Cuts an example into pieces.
   *
   * @param example the example to cut; not changed
   * @param maxLength the longest input in tokens, [CLS] and [SEP] included
   * @return the example itself if it is short enough; otherwise its pieces, whose texts joined are
   *     its text
   * @throws IllegalArgumentException if the prompt leaves no room for a text
   */
  public static List<ExtractionExample> of(ExtractionExample example, int maxLength) {
    String text = example.content();
    int room = room(example.prompt(), maxLength);
    if (text.codePointCount(0, text.length()) <= room) {
      return List.of(example);
    }
    List<Answer> inText = new ArrayList<>();
    for (Answer answer : example.answers().stream().sorted(ExtractionExample.BY_PLACE).toList()) {
      boolean fits = text.codePointCount(answer.start(), answer.end()) <= room;
      if (!answer.inPrompt() && fits) {
        inText.add(answer);
      }
    }
    List<ExtractionExample> pieces = new ArrayList<>();
    int from = 0;
    while (text.codePointCount(from, text.length()) > room) {
      int to = end(text, from, room, inText);
      pieces.add(piece(example, inText, from, to));
      from = to;
    }
    pieces.add(piece(example, inText, from, text.length()));
    return pieces;
  }

  /**
   * Where a piece ends: before the answers that it would cut, unless nothing would be left of it.
   */
  private static int end(String text, int from, int room, List<Answer> answers) {
    int full = text.offsetByCodePoints(from, room);
    int end = full;
    while (true) {
      int cut = end;
      OptionalInt before =
          answers.stream()
              .filter(a -> from <= a.start() && a.start() < cut && cut < a.end())
              .mapToInt(Answer::start)
              .min();
      if (before.isEmpty()) {
        return end;
      }
      if (before.getAsInt() == from) {
        return full;
      }
      end = before.getAsInt();
    }
  }

  private static ExtractionExample piece(
      ExtractionExample example, List<Answer> inText, int from, int to) {
    List<Answer> answers = new ArrayList<>();
    example.answers().stream().filter(Answer::inPrompt).forEach(answers::add);
    for (Answer answer : inText) {
      if (answer.start() >= from && answer.end() <= to) {
        answers.add(Answer.ofText(answer.start() - from, answer.end() - from));
      }
    }
    return new ExtractionExample(example.content().substring(from, to), example.prompt(), answers);
  }
}
