package ernie4j.training.annotation;

import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.LabelledSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Selects few of many annotated texts, for few-shot learning. */
public final class AnnotationSample {
  private AnnotationSample() {}

  /**
   * Selects texts, in the given order, until every label has {@code count} texts, or all that it
   * occurs in. Texts often have several labels, so some labels get more. Texts without labels are
   * left out.
   *
   * @param texts annotated texts
   * @param order indices of texts, in the order in which they are considered
   * @param count the number of texts for each label
   * @param separator the string between a label and the classes after it, which do not count
   * @return indices of the selected texts, in the given order
   */
  public static List<Integer> perLabel(
      List<AnnotatedText> texts, List<Integer> order, int count, String separator) {
    Map<String, Integer> have = new HashMap<>();
    List<Integer> chosen = new ArrayList<>();
    for (int index : order) {
      Set<String> labels = labels(texts.get(index), separator);
      if (labels.stream().anyMatch(label -> have.getOrDefault(label, 0) < count)) {
        labels.forEach(label -> have.merge(label, 1, Integer::sum));
        chosen.add(index);
      }
    }
    return chosen;
  }

  private static Set<String> labels(AnnotatedText text, String separator) {
    Set<String> labels = new HashSet<>(text.classes());
    for (LabelledSpan entity : text.entities()) {
      int end = entity.type().indexOf(separator);
      labels.add(end < 0 ? entity.type() : entity.type().substring(0, end));
    }
    return labels;
  }
}
