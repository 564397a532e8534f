package ernie4j.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a model. The id of a token is its position. A token that occurs twice has the id of
 * its last occurrence (ERNIE 3.0 has "$" twice); ids are never renumbered.
 */
public final class Vocabulary {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();

  private Vocabulary(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
  }

  /**
   * Returns a vocabulary of given tokens.
   *
   * @param tokens the tokens in the order of their ids, from 0
   * @return the vocabulary
   */
  public static Vocabulary of(List<String> tokens) {
    return new Vocabulary(tokens);
  }

  /**
   * Reads a {@code vocab.txt}: UTF-8, one token a line. Only three things are removed: the ends of
   * lines, a byte order mark before the first token, and, if every line ends with a tab and the
   * token's id, these.
   *
   * @param path the file
   * @return the vocabulary, in the order of the lines
   * @throws IOException if the file cannot be read, is not UTF-8 or has no line
   */
  public static Vocabulary read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException(path + ": expected a text with one token a line, this is a folder");
    }
    byte[] bytes = Files.readAllBytes(path);
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          path + ": expected a UTF-8 text with one token a line, got other bytes", e);
    }
    List<String> lines = new ArrayList<>();
    for (int from = text.startsWith("\uFEFF") ? 1 : 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      int last = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
      lines.add(text.substring(from, last));
      from = end + 1;
    }
    if (lines.isEmpty()) {
      throw new IOException(path + ": expected one token a line, got an empty file");
    }
    return new Vocabulary(withoutIds(lines));
  }

  /** Older tools of Paddle write {@code token<tab>id}. */
  private static List<String> withoutIds(List<String> lines) {
    List<String> tokens = new ArrayList<>(lines.size());
    for (int id = 0; id < lines.size(); id++) {
      String line = lines.get(id);
      int end = line.length() - Integer.toString(id).length() - 1;
      if (end < 0 || !line.endsWith("\t" + id)) {
        return lines;
      }
      tokens.add(line.substring(0, end));
    }
    return tokens;
  }

  /** {@return all tokens in the order of their ids, duplicates included; unmodifiable} */
  public List<String> tokens() {
    return tokens;
  }

  /** {@return the number of ids} */
  public int size() {
    return tokens.size();
  }

  /**
   * Returns the id of a token.
   *
   * @param token the token, as written in the vocabulary
   * @return its id, or -1 if there is no such token
   */
  public int idOf(String token) {
    return ids.getOrDefault(token, -1);
  }

  /**
   * Returns the token of an id.
   *
   * @param id from 0 to {@code size() - 1}
   * @return the token
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String tokenOf(int id) {
    return tokens.get(id);
  }
}
