package ernie4j.training.slu;

import ernie4j.engine.file.Model;
import ernie4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A corpus as one model sees it.
 *
 * @param train what to learn from
 * @param dev what to evaluate on
 * @param evaluator of models on the dev part
 */
public record EncodedCorpus(EncodedExamples train, EncodedExamples dev, SluEvaluator evaluator) {
  /**
   * Encodes a corpus for a model with the joint head.
   *
   * @throws IllegalArgumentException if an example has a label that the model does not know
   */
  public static EncodedCorpus of(Model model, Tokenizer tokenizer, SluCorpus.Split corpus) {
    SluLabels labels = SluLabels.of(model.labels());
    int maxLength = model.config().maxPositions();
    EncodedExamples train =
        new EncodedExamples(EncodedExample.all(corpus.train(), tokenizer, labels, maxLength));
    EncodedExamples dev =
        new EncodedExamples(EncodedExample.all(corpus.dev(), tokenizer, labels, maxLength));
    List<SluExample> all = new ArrayList<>(corpus.train());
    all.addAll(corpus.dev());
    SluEvaluator evaluator =
        new SluEvaluator(dev.asList(), labels, SluEvaluator.intentsWithoutSlots(all, labels));
    return new EncodedCorpus(train, dev, evaluator);
  }
}
