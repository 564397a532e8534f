package ernie4j.pipeline;

import ernie4j.pipeline.TextPieces.Piece;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pieces of texts and the prompts before them, each tokenized once for all its rows, provided
 * that the rows of a text are adjacent. For one call in one thread.
 */
final class PieceEncodings {
  private static final int MOST_PROMPTS = 1000;

  /** A Hangul syllable is decomposed into three. */
  private static final int TOKENS_OF_A_CHARACTER = 3;

  private final TextEncoder texts;
  private final int maxLength;
  private final boolean sentences;
  private final Map<String, Encoding> prompts = new HashMap<>();
  private final Map<Integer, Pieces> byRoom = new HashMap<>();
  private String text = "";

  PieceEncodings(TextEncoder texts, int maxLength, boolean sentences) {
    this.texts = texts;
    this.maxLength = maxLength;
    this.sentences = sentences;
  }

  /** The pieces of a text and their tokens. */
  record Pieces(List<Piece> places, List<Encoding> encodings) {}

  /**
   * The pieces of a text that is read after a prompt.
   *
   * @param longest characters of the longest prompt that is asked with this one
   * @throws IllegalArgumentException if that leaves no room for the text
   */
  Pieces pieces(String asked, String prompt, int longest) {
    int room = TextPieces.room(maxLength, longest);
    int mostTokens = TextPieces.room(positions(), prompt(prompt).length() - 2);
    if (room < 1 || mostTokens < TOKENS_OF_A_CHARACTER) {
      throw new IllegalArgumentException(
          String.format(
              "extract: the prompt '%s' has %d characters, which leaves no room for the text in the %d tokens that are read at once; shorten it, or use a classifier for so many options",
              TextEncoder.shown(prompt), longest, maxLength));
    }
    if (!asked.equals(text)) {
      text = asked;
      byRoom.clear();
    }
    // If the whole text fits, it is the same piece for every prompt.
    boolean whole = !sentences && asked.codePointCount(0, asked.length()) <= room;
    Pieces pieces = byRoom.computeIfAbsent(whole ? 0 : room, unused -> encoded(asked, room));
    return pieces.encodings.stream().allMatch(piece -> piece.length() - 2 <= mostTokens)
        ? pieces
        : halved(asked, pieces, mostTokens);
  }

  private int positions() {
    return texts.encoder().config().maxPositions();
  }

  private Pieces encoded(String asked, int room) {
    List<Piece> places = TextPieces.of(asked, room, sentences);
    return new Pieces(
        places, places.stream().map(piece -> encode(asked, piece)).collect(Collectors.toList()));
  }

  private Encoding encode(String asked, Piece piece) {
    return texts.tokenizer().encode(asked.substring(piece.start(), piece.end()));
  }

  /** A decomposed character has several tokens, so a piece may have too many. */
  private Pieces halved(String asked, Pieces pieces, int mostTokens) {
    List<Piece> places = new ArrayList<>();
    List<Encoding> encodings = new ArrayList<>();
    for (int p = 0; p < pieces.places.size(); p++) {
      Piece piece = pieces.places.get(p);
      int characters = asked.codePointCount(piece.start(), piece.end());
      if (pieces.encodings.get(p).length() - 2 <= mostTokens || characters == 1) {
        places.add(piece);
        encodings.add(pieces.encodings.get(p));
      } else {
        int middle = asked.offsetByCodePoints(piece.start(), characters / 2);
        List<Piece> halves =
            List.of(new Piece(piece.start(), middle), new Piece(middle, piece.end()));
        Pieces two =
            new Pieces(
                halves, halves.stream().map(h -> encode(asked, h)).collect(Collectors.toList()));
        Pieces small = halved(asked, two, mostTokens);
        places.addAll(small.places);
        encodings.addAll(small.encodings);
      }
    }
    return new Pieces(places, encodings);
  }

  private Encoding prompt(String prompt) {
    if (prompts.size() >= MOST_PROMPTS && !prompts.containsKey(prompt)) {
      prompts.clear();
    }
    return prompts.computeIfAbsent(prompt, texts.tokenizer()::encode);
  }

  /** {@code [CLS] prompt [SEP] piece [SEP]} for each piece. */
  List<Window> windows(Pieces pieces, String prompt) {
    Encoding before = prompt(prompt);
    return pieces.encodings.stream()
        .map(piece -> Window.whole(before.pairedWith(piece), before.length()))
        .collect(Collectors.toList());
  }
}
