package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Pre-training on plain text. Tokens are masked anew in every epoch ({@link TokenMasking}), and the
 * loss is the mean cross entropy over the masked ones, with the word embedding as decoder. Which
 * tokens are masked follows from seed, epoch and example, so a resumed training masks the same
 * ones.
 *
 * <p>The metrics on held-out texts, whose masks never change, are {@code score} (the negative
 * loss), {@code perplexity}, and {@code accuracy} in percent.
 */
public final class MaskedLanguageObjective implements Objective {
  private static final String SCORE = "score";

  private static final int BATCH = 8;

  private final TaskSetup setup;
  private final IntFunction<String> text;
  private final int[] order;
  private final int heldOut;
  private final long seed;
  private final Tokenizer tokenizer;
  private final int maxLength;
  private final TokenMasking masking;
  private long epoch;
  private List<TokenMasking.Masked> last = List.of();
  private int[] lastExamples = {};
  private long lastEpoch;

  /**
   * An objective over texts that are read when they are needed.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param texts the number of texts
   * @param text returns a text by its index, from 0 to {@code texts - 1}; called whenever one is
   *     needed
   * @param heldOut the number of texts to evaluate on, at least 1, chosen by the seed of the setup
   * @throws IllegalArgumentException if no text is held out, or there are no others
   */
  public MaskedLanguageObjective(
      TaskSetup setup, int texts, IntFunction<String> text, int heldOut) {
    if (heldOut < 1 || texts <= heldOut) {
      throw new IllegalArgumentException(
          "masked-lm: expected at least 1 text held out to evaluate on (--held-out) and more to learn from, got %d of %d"
              .formatted(heldOut, texts));
    }
    this.setup = setup;
    this.text = text;
    this.heldOut = heldOut;
    this.seed = setup.seed();
    this.order = ExampleOrder.shuffled(texts, seed);
    this.tokenizer = setup.tokenizer();
    this.maxLength = setup.maxLength();
    this.masking = new TokenMasking(tokenizer, setup.model().config().vocabularySize());
  }

  @Override
  public Task task() {
    return Task.MASKED_LM;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public int examples() {
    return order.length - heldOut;
  }

  private int[] ids(int place) {
    return tokenizer.encode(text.apply(order[place]), Truncation.LONGEST_FIRST, maxLength).ids();
  }

  @Override
  public int tokens(int example) {
    return ids(heldOut + example).length;
  }

  @Override
  public double lossWeight(int[] examples) {
    return Arrays.stream(examples).map(e -> TokenMasking.count(tokens(e))).sum();
  }

  @Override
  public void beginStep(long number) {
    epoch = number;
  }

  private TokenMasking.Masked masked(int place, long round) {
    return masking.mask(ids(place), ExampleOrder.mixed(ExampleOrder.mixed(seed, round), place));
  }

  /** The masked texts of a batch, which its input and its loss both need. */
  private List<TokenMasking.Masked> masked(int[] examples) {
    if (!Arrays.equals(examples, lastExamples) || epoch != lastEpoch) {
      last = Arrays.stream(examples).mapToObj(e -> masked(heldOut + e, epoch)).toList();
      lastExamples = examples.clone();
      lastEpoch = epoch;
    }
    return last;
  }

  @Override
  public RaggedBatch batch(int[] examples) {
    return batch(masked(examples));
  }

  private static RaggedBatch batch(List<TokenMasking.Masked> texts) {
    return RaggedBatch.of(texts.stream().map(TokenMasking.Masked::ids).toList());
  }

  /** Passes only the masked tokens through the head. */
  @Override
  public ModelOutputs forward(Tape tape, TrainableModel model, int[] examples) {
    List<TokenMasking.Masked> texts = masked(examples);
    RaggedBatch batch = batch(texts);
    TrainableEncoder.States states = model.encoder().forward(tape, batch);
    Variable chosen = tape.selectRows(states.last(), places(texts, batch));
    return new ModelOutputs(states, model.head().logits(tape, chosen, batch));
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    int[] words = masked(examples).stream().flatMapToInt(t -> Arrays.stream(t.words())).toArray();
    return tape.crossEntropy(outputs.logits().get(0), words, -100, LossMean.VALID_ROWS);
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    throw new UnsupportedOperationException(
        "a masked language model cannot learn from a teacher's answers; distill its encoder instead");
  }

  /** The masked positions, counted over all texts of a batch. */
  private static int[] places(List<TokenMasking.Masked> texts, RaggedBatch batch) {
    int[] places = texts.stream().flatMapToInt(t -> Arrays.stream(t.places())).toArray();
    int i = 0;
    for (int s = 0; s < texts.size(); s++) {
      for (int end = i + texts.get(s).places().length; i < end; i++) {
        places[i] += batch.start(s);
      }
    }
    return places;
  }

  @Override
  public String dataHash() {
    Iterable<String> texts = () -> IntStream.range(0, order.length).mapToObj(text).iterator();
    return InputHash.of(texts);
  }

  @Override
  public int heldOut() {
    return heldOut;
  }

  @Override
  public Evaluated evaluate(Model model) {
    List<TokenMasking.Masked> texts = new ArrayList<>();
    for (int place = 0; place < heldOut; place++) {
      texts.add(masked(place, -1));
    }
    double[] losses = new double[heldOut];
    int[] right = new int[heldOut];
    Encoder encoder = Encoder.of(model.config(), model.parameters(), setup.kernels());
    MaskedLanguageModelHead head = MaskedLanguageModelHead.of(encoder, model.parameters());
    int vocabulary = model.config().vocabularySize();
    setup
        .parallel()
        .run(
            heldOut,
            BATCH,
            (worker, from, to) -> {
              EncoderWorkspace states = encoder.newWorkspace();
              for (int t = from; t < to; t++) {
                TokenMasking.Masked text = texts.get(t);
                encoder.forward(RaggedBatch.of(text.ids()), states);
                float[] logits = head.logits(states, text.places());
                for (int i = 0; i < text.words().length; i++) {
                  int row = i * vocabulary;
                  int word = text.words()[i];
                  losses[t] -= Math.log(Logits.probability(logits, row, vocabulary, word));
                  right[t] += Logits.argmax(logits, row, vocabulary) == word ? 1 : 0;
                }
              }
            });
    int words = texts.stream().mapToInt(t -> t.words().length).sum();
    double loss = Arrays.stream(losses).sum() / words;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(SCORE, -loss);
    metrics.put("accuracy", 100.0 * Arrays.stream(right).sum() / words);
    metrics.put("perplexity", Math.exp(loss));
    return new Evaluated(metrics, Optional.empty(), List.of());
  }

  @Override
  public String bestMetric() {
    return SCORE;
  }

  @Override
  public String settings() {
    return "%d texts, %d held out".formatted(order.length, heldOut);
  }
}
