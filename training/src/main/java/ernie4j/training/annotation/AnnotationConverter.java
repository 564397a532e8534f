package ernie4j.training.annotation;

import ernie4j.training.ExampleOrder;
import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.ExtractionExample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Converts annotations to prompts.
 *
 * <pre>{@code
 * AnnotationFile file = AnnotationFile.read(Path.of("doccano.jsonl"));
 * AnnotationConverter converter = new AnnotationConverter(ConversionOptions.defaults());
 * ExtractionFiles.write(Path.of("train.txt"), converter.toLearnFrom(file.texts()).all());
 * }</pre>
 *
 * <p>Every label of entities becomes a prompt about each text, and so does {@code subject + 的 +
 * type} of every relation. The prompt is positive if the text has answers to it, negative
 * otherwise. Classes become a prompt that ends with the options.
 */
public final class AnnotationConverter {
  private final ConversionOptions options;

  /**
   * A converter with the given options.
   *
   * @param options how annotations become prompts
   */
  public AnnotationConverter(ConversionOptions options) {
    this.options = options;
  }

  /**
   * Creates examples to learn from, with as many negatives as the options demand.
   *
   * @param texts annotated texts; not changed
   * @return prompts by what they were made of
   * @throws IllegalArgumentException if a class is not one of the options
   */
  public ConvertedPrompts toLearnFrom(List<AnnotatedText> texts) {
    return convert(texts, true);
  }

  /**
   * Creates examples to evaluate on, with all negatives; for relations, these are all types for
   * every subject of a text.
   *
   * @param texts annotated texts; not changed
   * @return prompts by what they were made of
   * @throws IllegalArgumentException if a class is not one of the options
   */
  public ConvertedPrompts toEvaluateOn(List<AnnotatedText> texts) {
    return convert(texts, false);
  }

  private ConvertedPrompts convert(List<AnnotatedText> texts, boolean learned) {
    AskedTexts all = new AskedTexts(texts, options);
    Random random = new Random(ExampleOrder.mixed(options.seed(), learned ? 1 : 0));
    List<ExtractionExample> entities = entities(all, learned, random);
    List<ExtractionExample> relations = relations(all, learned, random);
    ClassPrompts classes = new ClassPrompts(options, random);
    List<ExtractionExample> ofEntities = new ArrayList<>();
    for (AskedText text : all.texts) {
      for (AskedText.Entity entity : text.entities) {
        if (!entity.classes().isEmpty()) {
          ofEntities.add(classes.ofEntity(text.annotation.text(), entity));
        }
      }
    }
    List<ExtractionExample> ofTexts = new ArrayList<>();
    if (texts.stream().anyMatch(text -> !text.classes().isEmpty())) {
      texts.forEach(text -> ofTexts.add(classes.ofText(text.text(), text.classes())));
    }
    return new ConvertedPrompts(entities, relations, ofEntities, ofTexts);
  }

  private List<ExtractionExample> entities(AskedTexts all, boolean learned, Random random) {
    List<ExtractionExample> examples = new ArrayList<>();
    all.texts.forEach(text -> examples.addAll(text.positives(text.labels)));
    for (AskedText text : all.texts) {
      List<String> pool = all.labelsBeside(text);
      long most = (long) options.negativeRatio() * text.labels.size();
      boolean complete =
          !learned || options.negativeRatio() == ConversionOptions.ALL || text.labels.isEmpty();
      if (!complete && most < pool.size()) {
        List<String> shuffled = new ArrayList<>(pool);
        Collections.shuffle(shuffled, random);
        pool = shuffled.subList(0, (int) most);
      }
      examples.addAll(text.negatives(pool));
    }
    return examples;
  }

  private List<ExtractionExample> relations(AskedTexts all, boolean learned, Random random) {
    RelationNegatives negatives = new RelationNegatives(all, options);
    List<ExtractionExample> positive = new ArrayList<>();
    List<ExtractionExample> negative = new ArrayList<>();
    for (AskedText text : all.texts) {
      positive.addAll(text.positives(text.relations));
      if (learned) {
        negative.addAll(text.negatives(negatives.drawn(text, random)));
      } else {
        positive.addAll(text.negatives(negatives.complete(text)));
      }
    }
    positive.addAll(negative);
    return positive;
  }
}
