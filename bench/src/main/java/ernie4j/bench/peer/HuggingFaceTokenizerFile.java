package ernie4j.bench.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.TokenizerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model's vocabulary as a {@code tokenizer.json}, so that Hugging Face's tokenizer can
 * read text for it. Symbols that ERNIE splits and BERT does not are the one difference.
 */
public final class HuggingFaceTokenizerFile {
  private static final String CLS = "[CLS]";
  private static final String SEP = "[SEP]";

  private HuggingFaceTokenizerFile() {}

  /** Writes the file. */
  public static void write(Path file, Model model) throws IOException {
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("version", "1.0");
    root.put("added_tokens", specialTokens(model.vocabulary()));
    root.put(
        "normalizer",
        Map.of(
            "type", "BertNormalizer",
            "clean_text", true,
            "handle_chinese_chars", options.splitCjk(),
            "strip_accents", options.stripAccents(),
            "lowercase", options.lowerCase()));
    root.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
    root.put("post_processor", template(model.vocabulary()));
    root.put("model", wordPiece(model.vocabulary()));
    new ObjectMapper().writeValue(file.toFile(), root);
  }

  private static List<Map<String, Object>> specialTokens(List<String> vocabulary) {
    List<Map<String, Object>> tokens = new ArrayList<>();
    for (String token : List.of("[PAD]", "[UNK]", CLS, SEP, "[MASK]")) {
      if (vocabulary.contains(token)) {
        tokens.add(
            Map.of(
                "id", vocabulary.indexOf(token),
                "content", token,
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false,
                "special", true));
      }
    }
    return tokens;
  }

  private static Map<String, Object> template(List<String> vocabulary) {
    List<Object> single =
        List.of(
            Map.of("SpecialToken", Map.of("id", CLS, "type_id", 0)),
            Map.of("Sequence", Map.of("id", "A", "type_id", 0)),
            Map.of("SpecialToken", Map.of("id", SEP, "type_id", 0)));
    List<Object> pair = new ArrayList<>(single);
    pair.add(Map.of("Sequence", Map.of("id", "B", "type_id", 1)));
    pair.add(Map.of("SpecialToken", Map.of("id", SEP, "type_id", 1)));
    return Map.of(
        "type",
        "TemplateProcessing",
        "single",
        single,
        "pair",
        pair,
        "special_tokens",
        Map.of(CLS, special(CLS, vocabulary), SEP, special(SEP, vocabulary)));
  }

  private static Map<String, Object> special(String token, List<String> vocabulary) {
    return Map.of("id", token, "ids", List.of(vocabulary.indexOf(token)), "tokens", List.of(token));
  }

  private static Map<String, Object> wordPiece(List<String> vocabulary) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.get(id), id);
    }
    return Map.of(
        "type", "WordPiece",
        "unk_token", "[UNK]",
        "continuing_subword_prefix", "##",
        "max_input_chars_per_word", 100,
        "vocab", ids);
  }
}
