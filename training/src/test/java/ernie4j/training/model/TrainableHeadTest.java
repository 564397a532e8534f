package ernie4j.training.model;

import static ernie4j.training.autograd.FiniteDifferences.check;
import static ernie4j.training.autograd.FiniteDifferences.random;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every head with its loss, over random shapes, against central differences. */
class TrainableHeadTest {
  private static final int TRIES = 10;

  /** A head, its loss, and random parameters and hidden states. */
  private static void checkHead(
      long seed,
      int rows,
      EncoderConfig config,
      ParameterStore store,
      Task task,
      float dropout,
      BiFunction<Tape, List<Variable>, Variable> loss,
      RaggedBatch batch) {
    TrainableParameters parameters = TrainableParameters.of(store);
    List<Variable> variables = new ArrayList<>(parameters.asMap().values());
    variables.add(random(new Random(seed + 1), rows, config.hiddenSize()));
    check(
        seed,
        (tape, v) ->
            loss.apply(
                tape,
                new TrainableHead(task, config, parameters, tape.kernels(), dropout)
                    .logits(tape, v.get(v.size() - 1), batch)),
        variables.toArray(Variable[]::new));
  }

  private static EncoderConfig config(int hidden, int vocabulary) {
    return EncoderConfig.ernie(vocabulary, hidden, 1, 1, hidden, 8);
  }

  private static void linear(ParameterStore store, Random random, String name, int in, int out) {
    RandomParameters values = new RandomParameters(random.nextLong());
    store.put(name + ".weight", values.normal(0.5, in, out));
    store.put(name + ".bias", values.normal(0.5, out));
  }

  @Property(tries = TRIES)
  void sequences(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int hidden,
      @ForAll @IntRange(min = 2, max = 7) int labels) {
    ParameterStore store = new ParameterStore();
    linear(store, new Random(seed), ParameterNames.POOLER, hidden, hidden);
    linear(store, new Random(seed), HeadNames.CLASSIFIER, hidden, labels);
    int[] wanted = {1, labels - 1};
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        Task.SEQUENCE_CLASSIFICATION,
        0.2f,
        (tape, logits) -> tape.crossEntropy(logits.get(0), wanted, -100, LossMean.VALID_ROWS),
        RaggedBatch.of(new int[2], new int[3]));
  }

  @Property(tries = TRIES)
  void questionsWithDifferentNumbersOfChoices(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int hidden,
      @ForAll @IntRange(min = 2, max = 5) int choices) {
    ParameterStore store = new ParameterStore();
    linear(store, new Random(seed), ParameterNames.POOLER, hidden, hidden);
    linear(store, new Random(seed), HeadNames.CLASSIFIER, hidden, 1);
    int[][] inputs = new int[choices + 2][2];
    RaggedBatch questions = RaggedBatch.of(new int[choices], new int[2]);
    checkHead(
        seed,
        2 * inputs.length,
        config(hidden, 9),
        store,
        Task.MULTIPLE_CHOICE,
        0f,
        (tape, scores) ->
            tape.positionCrossEntropy(scores.get(0), 0, questions, new int[] {choices - 1, 0}),
        RaggedBatch.of(inputs));
  }

  @Property(tries = TRIES)
  void tokens(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int hidden,
      @ForAll @IntRange(min = 2, max = 7) int labels) {
    ParameterStore store = new ParameterStore();
    linear(store, new Random(seed), HeadNames.CLASSIFIER, hidden, labels);
    int[] wanted = {-100, 1, -100, 0, labels - 1};
    RaggedBatch batch = RaggedBatch.of(new int[2], new int[3]);
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        Task.TOKEN_CLASSIFICATION,
        0.2f,
        (tape, logits) -> tape.crossEntropy(logits.get(0), wanted, -100, LossMean.VALID_ROWS),
        batch);
  }

  @Property(tries = TRIES)
  void scoresAndMultipleLabelsOfTexts(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int hidden,
      @ForAll @IntRange(min = 1, max = 5) int labels) {
    ParameterStore store = new ParameterStore();
    linear(store, new Random(seed), ParameterNames.POOLER, hidden, hidden);
    linear(store, new Random(seed), HeadNames.CLASSIFIER, hidden, labels);
    float[] wanted = new float[2 * labels];
    wanted[labels - 1] = 1;
    wanted[labels] = Float.NaN;
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        labels == 1 ? Task.SCORING : Task.MULTI_LABEL_CLASSIFICATION,
        0.2f,
        (tape, logits) -> tape.binaryCrossEntropy(logits.get(0), wanted),
        RaggedBatch.of(new int[2], new int[3]));
  }

  @Property(tries = TRIES)
  void intentsAndSlots(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int hidden,
      @ForAll @IntRange(min = 2, max = 7) int labels) {
    ParameterStore store = new ParameterStore();
    Random random = new Random(seed);
    linear(store, random, ParameterNames.POOLER, hidden, hidden);
    linear(store, random, HeadNames.INTENT_CLASSIFIER, hidden, labels);
    linear(store, random, HeadNames.SLOT_CLASSIFIER, hidden, labels + 1);
    int[] slots = {0, labels, 0, 1, 0};
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        Task.JOINT_INTENT_SLOTS,
        0.2f,
        (tape, logits) ->
            tape.add(
                tape.crossEntropy(
                    logits.get(0), new int[] {1, labels - 1}, -100, LossMean.VALID_ROWS),
                tape.crossEntropy(logits.get(1), slots, 0, LossMean.VALID_ROWS)),
        RaggedBatch.of(new int[2], new int[3]));
  }

  @Property(tries = TRIES)
  void endsOfAnswers(@ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int hidden) {
    ParameterStore store = new ParameterStore();
    linear(store, new Random(seed), HeadNames.CLASSIFIER, hidden, 2);
    RaggedBatch batch = RaggedBatch.of(new int[2], new int[3]);
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        Task.QUESTION_ANSWERING,
        0.2f,
        (tape, logits) ->
            tape.scale(
                tape.add(
                    tape.positionCrossEntropy(logits.get(0), 0, batch, new int[] {0, 1}),
                    tape.positionCrossEntropy(logits.get(0), 1, batch, new int[] {0, 2})),
                0.5f),
        batch);
  }

  @Property(tries = TRIES)
  void edgesOfExtractedSpans(@ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int hidden) {
    ParameterStore store = new ParameterStore();
    Random random = new Random(seed);
    linear(store, random, HeadNames.SPAN_START, hidden, 1);
    linear(store, random, HeadNames.SPAN_END, hidden, 1);
    float[] starts = {0, 1, 0, 0, 1};
    float[] ends = {0, 0, 1, 0, 1};
    checkHead(
        seed,
        5,
        config(hidden, 9),
        store,
        Task.INFORMATION_EXTRACTION,
        0.2f,
        (tape, logits) ->
            tape.scale(
                tape.add(
                    tape.binaryCrossEntropy(logits.get(0), starts),
                    tape.binaryCrossEntropy(logits.get(1), ends)),
                0.5f),
        RaggedBatch.of(new int[2], new int[3]));
  }

  @Property(tries = TRIES)
  void wordsOfMaskedRows(
      @ForAll long seed,
      @ForAll @IntRange(min = 8, max = 16) int hidden,
      @ForAll @IntRange(min = 3, max = 20) int vocabulary) {
    ParameterStore store = new ParameterStore();
    RandomParameters values = new RandomParameters(seed);
    linear(store, new Random(seed), HeadNames.MLM_TRANSFORM, hidden, hidden);
    store.put(HeadNames.MLM_NORM + ".weight", values.normal(0.5, hidden));
    store.put(HeadNames.MLM_NORM + ".bias", values.normal(0.5, hidden));
    store.put(HeadNames.MLM_DECODER_BIAS, values.normal(0.5, vocabulary));
    store.put(ParameterNames.WORD_EMBEDDINGS, values.normal(0.5, vocabulary, hidden));
    checkHead(
        seed,
        3,
        config(hidden, vocabulary),
        store,
        Task.MASKED_LM,
        0.2f,
        (tape, logits) ->
            tape.crossEntropy(
                logits.get(0), new int[] {0, vocabulary - 1, 1}, -100, LossMean.VALID_ROWS),
        RaggedBatch.of(new int[3]));
  }
}
