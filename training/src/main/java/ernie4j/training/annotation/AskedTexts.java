package ernie4j.training.annotation;

import ernie4j.training.data.AnnotatedText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The texts of one part of the data, and what occurs in any of them. */
final class AskedTexts {
  final List<AskedText> texts;

  /** Labels that negative prompts may ask for, by name. */
  final Set<String> labels = new TreeSet<>();

  /** The texts of all entities, by name. */
  final Set<String> entities = new TreeSet<>();

  /** Types of relations in the order of their first occurrence. */
  final Set<String> types = new LinkedHashSet<>();

  AskedTexts(List<AnnotatedText> annotations, ConversionOptions options) {
    texts = annotations.stream().map(a -> new AskedText(a, options)).toList();
    for (AskedText text : texts) {
      labels.addAll(text.labels.keySet());
      types.addAll(text.types);
      text.entities.forEach(entity -> entities.add(entity.text()));
    }
    labels.removeAll(options.neverNegative());
  }

  /** The labels that do not occur in a text. */
  List<String> labelsBeside(AskedText text) {
    return labels.stream().filter(label -> !text.labels.containsKey(label)).toList();
  }
}
