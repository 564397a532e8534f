package ernie4j.zoo.conversion;

import ernie4j.tokenizer.TokenizerOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks whether a vocabulary and the lower-casing of text fit together. */
final class VocabularyFit {
  /** A vocabulary for lower-cased text has a few tokens with capitals, such as [CLS]. */
  private static final int FEW = 100;

  private VocabularyFit() {}

  /** What a user should know; empty if they fit, or there is no vocabulary. */
  static Optional<String> note(List<String> vocabulary, TokenizerOptions options) {
    Set<String> added = new HashSet<>(options.addedTokens());
    long capitals = 0;
    boolean small = false;
    for (String token : vocabulary) {
      boolean plain = !token.startsWith("[") && !added.contains(token);
      capitals += plain && token.chars().anyMatch(c -> c >= 'A' && c <= 'Z') ? 1 : 0;
      small |= token.equals("a") || token.equals("##a");
    }
    if (options.lowerCase() && capitals > FEW) {
      return Optional.of(
          "Text is lower-cased, but %,d tokens of the vocabulary have capitals and are never found; if the model was trained on text as it is, set do_lower_case to false in tokenizer_config.json and convert again."
              .formatted(capitals));
    }
    if (!options.lowerCase() && capitals == 0 && small) {
      return Optional.of(
          "Text is not lower-cased, but no token of the vocabulary has a capital, so words with capitals are unknown; if the model was trained on lower-cased text, set do_lower_case to true in tokenizer_config.json and convert again.");
    }
    return Optional.empty();
  }
}
