package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.ModelFileException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parts of a Hugging Face {@code tokenizer.json} that a BERT tokenizer depends on.
 *
 * @param vocabulary the tokens; a token's index is its id
 * @param lowerCase whether text is lower-cased
 * @param stripAccents whether accents are removed; follows {@code lowerCase} unless the file says
 *     otherwise
 * @param splitChineseCharacters whether every CJK ideograph is a word of its own
 * @param unknownToken the token for words without pieces
 * @param addedTokens tokens that are found whole in a text, without those of the model such as
 *     [SEP]; all of them are in the vocabulary
 * @param exactTokens those of them that are found only as they are written
 */
public record HuggingFaceTokenizerJson(
    List<String> vocabulary,
    boolean lowerCase,
    boolean stripAccents,
    boolean splitChineseCharacters,
    String unknownToken,
    List<String> addedTokens,
    List<String> exactTokens) {
  private static final Set<String> SPECIAL = Set.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]");

  /** Keeps unmodifiable copies. */
  public HuggingFaceTokenizerJson {
    vocabulary = List.copyOf(vocabulary);
    addedTokens = List.copyOf(addedTokens);
    exactTokens = List.copyOf(exactTokens);
  }

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it is not the JSON of a BERT WordPiece tokenizer or its ids are
   *     not 0, 1, 2 ... each once
   */
  public static HuggingFaceTokenizerJson read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
  }

  /**
   * Reads a stream, for tokenizers that are resources on the class path.
   *
   * @param name what messages call the tokenizer
   * @throws ModelFileException as {@link #read(Path)}
   */
  public static HuggingFaceTokenizerJson read(String name, InputStream in) throws IOException {
    try {
      return new Reader(name, new ObjectMapper().readTree(in)).tokenizer();
    } catch (JsonProcessingException e) {
      throw new ModelFileException(name, "not JSON: " + e.getOriginalMessage(), e);
    } catch (CharConversionException e) {
      throw new ModelFileException(name, "not JSON: " + e.getMessage(), e);
    }
  }

  private record Reader(String file, JsonNode root) {
    HuggingFaceTokenizerJson tokenizer() throws ModelFileException {
      // Files from before 2021 do not say it, for example that of bert-base-chinese.
      if (!root.at("/model/type").isMissingNode()) {
        require("/model/type", "WordPiece");
      }
      require("/model/continuing_subword_prefix", "##");
      require("/normalizer/type", "BertNormalizer");
      require("/pre_tokenizer/type", "BertPreTokenizer");
      boolean lowerCase = flag("/normalizer/lowercase");
      boolean strips =
          root.at("/normalizer/strip_accents").isBoolean()
              ? flag("/normalizer/strip_accents")
              : lowerCase;
      return new HuggingFaceTokenizerJson(
          vocabulary(),
          lowerCase,
          strips,
          flag("/normalizer/handle_chinese_chars"),
          root.at("/model/unk_token").asText("[UNK]"),
          added(false),
          added(true));
    }

    /** The added tokens, or those that are sought in the text as it was given. */
    private List<String> added(boolean exactOnly) throws ModelFileException {
      List<String> tokens = new ArrayList<>();
      for (JsonNode token : root.at("/added_tokens")) {
        String content = token.path("content").asText("");
        if (content.isEmpty() || SPECIAL.contains(content)) {
          continue;
        }
        if (token.path("single_word").asBoolean(false)) {
          throw new ModelFileException(
              file,
              "added token '%s': single_word: only tokens that are found anywhere are supported"
                  .formatted(content));
        }
        if (!exactOnly || !token.path("normalized").asBoolean(true)) {
          tokens.add(content);
        }
      }
      return tokens;
    }

    private void require(String pointer, String expected) throws ModelFileException {
      if (!root.at(pointer).asText("nothing").equals(expected)) {
        throw new ModelFileException(
            file,
            "%s: expected '%s', got %s; only BERT's WordPiece tokenizer is supported"
                .formatted(pointer, expected, shown(root.at(pointer))));
      }
    }

    private boolean flag(String pointer) throws ModelFileException {
      JsonNode node = root.at(pointer);
      if (!node.isBoolean()) {
        throw new ModelFileException(
            file, "%s: expected true or false, got %s".formatted(pointer, shown(node)));
      }
      return node.booleanValue();
    }

    private List<String> vocabulary() throws ModelFileException {
      JsonNode model = root.at("/model/vocab");
      JsonNode added = root.at("/added_tokens");
      String[] tokens = new String[model.size() + added.size()];
      int count = 0;
      for (Map.Entry<String, JsonNode> entry : model.properties()) {
        count += place(tokens, entry.getKey(), entry.getValue());
      }
      for (JsonNode token : added) {
        count += place(tokens, token.path("content").asText(), token.path("id"));
      }
      List<String> vocabulary = Arrays.asList(tokens).subList(0, count);
      if (count == 0 || vocabulary.contains(null)) {
        throw new ModelFileException(
            file,
            "/model/vocab: expected the ids 0 to %d each once, but id %d has no token"
                .formatted(Math.max(0, count - 1), vocabulary.indexOf(null)));
      }
      return vocabulary;
    }

    /** Puts a token at its id; 1 if the id was free, 0 if the same token was already there. */
    private int place(String[] tokens, String token, JsonNode id) throws ModelFileException {
      int index = id.isInt() ? id.intValue() : -1;
      if (index < 0 || index >= tokens.length) {
        throw new ModelFileException(
            file,
            "token '%s': expected an id from 0 to %d, got %s"
                .formatted(token, tokens.length - 1, shown(id)));
      }
      if (tokens[index] != null && !tokens[index].equals(token)) {
        throw new ModelFileException(
            file, "id %d belongs to '%s' and to '%s'".formatted(index, tokens[index], token));
      }
      int placed = tokens[index] == null ? 1 : 0;
      tokens[index] = token;
      return placed;
    }

    private static String shown(JsonNode node) {
      String text = node.isMissingNode() ? "nothing" : node.toString();
      return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
  }
}
