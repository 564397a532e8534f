package ernie4j.training.slu;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.autograd.Tape;
import ernie4j.training.model.JointErnie;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** The utterances of a training as a model sees them, and the evaluation that belongs to it. */
public final class SluTrainingSet {
  private final List<EncodedExample> train;
  private final SluEvaluator evaluator;

  private SluTrainingSet(List<EncodedExample> train, SluEvaluator evaluator) {
    this.train = train;
    this.evaluator = evaluator;
  }

  /**
   * Encodes a corpus for a model, cut to the positions that it has.
   *
   * @throws IllegalArgumentException if an example has a label that the model does not know
   */
  public static SluTrainingSet of(Model model, Tokenizer tokenizer, SluCorpus.Split corpus) {
    SluLabels labels = SluLabels.of(model.labels());
    int maxLength = model.config().maxPositions();
    List<SluExample> all = new ArrayList<>(corpus.train());
    all.addAll(corpus.dev());
    SluEvaluator evaluator =
        new SluEvaluator(
            EncodedExample.all(corpus.dev(), tokenizer, labels, maxLength),
            labels,
            SluEvaluator.intentsWithoutSlots(all, labels));
    return new SluTrainingSet(
        EncodedExample.all(corpus.train(), tokenizer, labels, maxLength), evaluator);
  }

  /** The number of utterances to learn from. */
  public int size() {
    return train.size();
  }

  /** The evaluation on the utterances that are not learnt from. */
  public SluEvaluator evaluator() {
    return evaluator;
  }

  /** The utterances with the given indices. */
  public Batch batch(int... examples) {
    List<EncodedExample> chosen = IntStream.of(examples).mapToObj(train::get).toList();
    return new Batch(
        RaggedBatch.of(chosen.stream().map(EncodedExample::ids).toList()),
        chosen.stream().mapToInt(EncodedExample::intent).toArray(),
        chosen.stream().map(EncodedExample::slots).flatMapToInt(IntStream::of).toArray());
  }

  /** The first utterances in batches of one size, fewer if there are not so many. */
  public Collection<RaggedBatch> firstBatches(int batches, int size) {
    List<RaggedBatch> first = new ArrayList<>();
    for (int b = 0; b < batches && b * size < size(); b++) {
      int end = Math.min(size(), (b + 1) * size);
      first.add(batch(IntStream.range(b * size, end).toArray()).tokens());
    }
    return first;
  }

  /**
   * Utterances to learn from in one step.
   *
   * @param tokens their token ids
   * @param intents one label per utterance
   * @param slots one label per token
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  public record Batch(RaggedBatch tokens, int[] intents, int[] slots) {
    /** The loss of a model's logits for this batch. */
    public JointErnie.Loss loss(Tape tape, JointErnie.Logits logits) {
      return logits.loss(tape, intents, slots, SluLabels.PADDING);
    }
  }
}
