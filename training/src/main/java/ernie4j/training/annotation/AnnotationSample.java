package ernie4j.training.annotation;

import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.LabelledSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Few of many annotated texts, to learn from little. */
public final class AnnotationSample {
  private AnnotationSample() {}

  /**
   * The first texts of an order that are needed so that every label has a number of texts, or all
   * there are of it. Texts often have several labels, so some labels get more; texts without any
   * are left out.
   *
   * @param order indices of texts
   * @param count texts for each label, at least
   * @param separator what stands between a label and classes behind it, which do not count
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
