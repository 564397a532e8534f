package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.TagScheme;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TokenTags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An objective in which every token has a tag. */
abstract class TagObjective<E> extends InputObjective<E> {
  private final boolean constrained;
  private final int ignored;
  private final List<int[]> tags = new ArrayList<>();

  /**
   * An objective without inputs yet.
   *
   * @param constrained whether the model answers only allowed sequences of tags
   * @param ignored the tag of tokens that the loss leaves out
   */
  TagObjective(Split<E> data, boolean constrained, int ignored) {
    super(data);
    this.constrained = constrained;
    this.ignored = ignored;
  }

  final void addTagged(
      TaskSetup setup, String text, List<LabelledSpan> spans, Labels labels, TagScheme scheme) {
    tags.add(TokenTags.indices(add(setup, text), spans, labels, scheme, ignored));
  }

  /** Adds a text that only a teacher answers. */
  final void addUntagged(TaskSetup setup, String text) {
    Encoding encoding = add(setup, text);
    int[] none = new int[encoding.length()];
    Arrays.fill(none, ignored);
    tags.add(none);
  }

  /** The tags of all tokens of some examples, one after the other. */
  final int[] tags(int[] examples) {
    return Arrays.stream(examples).mapToObj(tags::get).flatMapToInt(Arrays::stream).toArray();
  }

  @Override
  public final Map<String, String> options() {
    return constrained ? Map.of(HeadOptions.CONSTRAINED_TAGS, "true") : Map.of();
  }

  @Override
  public final void requireFit(Model model) {
    super.requireFit(model);
    boolean constrains = HeadOptions.isOn(model.options(), HeadOptions.CONSTRAINED_TAGS);
    if (constrains != constrained) {
      throw new WrongTaskException(
          "expected a model with the option %s=%s, got one with %s"
              .formatted(HeadOptions.CONSTRAINED_TAGS, constrained, constrains));
    }
  }

  /** The examples and how tags are chosen, as the end of {@link #settings}. */
  final String tagSettings(String examples) {
    return Settings.examples(examples, this) + (constrained ? ", constrained tags" : "");
  }
}
