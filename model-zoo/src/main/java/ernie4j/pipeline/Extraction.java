package ernie4j.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer of an {@link InformationExtractor}: a span of the text, or an option of its prompt.
 *
 * @param text the span, or the option, for example 正向
 * @param start index of the span's first char (UTF-16) in the whole text; -1 for an option
 * @param end index after its last char; -1 for an option
 * @param probability the probability that the span begins and ends there: the product of both, as
 *     the model treats them as independent
 * @param relations what was asked about this answer and found, by the names in the schema
 */
public record Extraction(
    String text, int start, int end, double probability, Map<String, List<Extraction>> relations) {
  /** Keeps an unmodifiable copy of the relations. */
  public Extraction {
    relations = copy(relations);
  }

  /** {@return whether this is an option of the prompt, which has no position in the text} */
  public boolean isOption() {
    return start < 0;
  }

  /**
   * Returns the answers to a name of the schema below this one.
   *
   * @param name the name, as in the schema
   * @return the answers, unmodifiable; empty if there are none
   */
  public List<Extraction> get(String name) {
    return relations.getOrDefault(name, List.of());
  }

  /** An unmodifiable copy in the same order. */
  static Map<String, List<Extraction>> copy(Map<String, List<Extraction>> named) {
    Map<String, List<Extraction>> copy = new LinkedHashMap<>();
    named.forEach((name, found) -> copy.put(name, List.copyOf(found)));
    return Collections.unmodifiableMap(copy);
  }
}
