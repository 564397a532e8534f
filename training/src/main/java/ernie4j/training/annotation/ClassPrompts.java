package ernie4j.training.annotation;

import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Classification as a prompt that ends with its options, some of which are the answers. */
final class ClassPrompts {
  private final ConversionOptions options;
  private final Random random;

  /** Shuffled repeatedly: every order is drawn from the previous one, as in the reference. */
  private final List<String> order;

  ClassPrompts(ConversionOptions options, Random random) {
    this.options = options;
    this.random = random;
    order = new ArrayList<>(options.options());
  }

  ExtractionExample ofText(String text, List<String> classes) {
    return example(text, options.promptPrefix(), classes);
  }

  ExtractionExample ofEntity(String text, AskedText.Entity entity) {
    String prefix = AskedText.prompt(entity.text(), options.promptPrefix(), options);
    return example(text, prefix, entity.classes());
  }

  private ExtractionExample example(String text, String prefix, List<String> classes) {
    if (options.shuffledOptions()) {
      Collections.shuffle(order, random);
    }
    String prompt = "%s[%s]".formatted(prefix, String.join(",", order));
    List<Answer> answers = new ArrayList<>();
    for (String name : classes) {
      int index = order.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException(
            "'%s': expected one of the options %s as the class, got '%s'; give all classes as options"
                .formatted(text, options.options(), name));
      }
      // A search for the text would find it in another option, too: 好 in 很好.
      int start = prefix.length() + 1;
      for (String before : order.subList(0, index)) {
        start += before.length() + 1;
      }
      Answer answer = Answer.ofPrompt(start, start + name.length());
      if (!answers.contains(answer)) {
        answers.add(answer);
      }
    }
    return new ExtractionExample(text, prompt, answers);
  }
}
