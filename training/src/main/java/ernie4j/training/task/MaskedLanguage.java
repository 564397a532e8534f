package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.ExampleOrder;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Pre-training on plain text: tokens are masked anew in every epoch ({@link TokenMasking}), and the
 * loss is the mean cross entropy over the masked ones, with the word embedding as decoder. Which
 * tokens are masked follows from seed, epoch and example, so a resumed training masks the same.
 *
 * <p>The metrics on held-out texts, masked once and for all: {@code score} (minus the loss), {@code
 * perplexity}, and {@code accuracy} in percent.
 */
public final class MaskedLanguage implements Objective {
  private static final String SCORE = "score";

  private final IntFunction<String> text;
  private final int[] order;
  private final int heldOut;
  private final long seed;
  private final Tokenizer tokenizer;
  private final int maxLength;
  private final TokenMasking masking;
  private long epoch;

  /**
   * An objective over texts that are read when they are needed.
   *
   * @param texts their number
   * @param text a text by its index
   * @param heldOut how many to evaluate on, chosen by the seed of the setup
   * @throws IllegalArgumentException if there are not more texts than are held out
   */
  public MaskedLanguage(TaskSetup setup, int texts, IntFunction<String> text, int heldOut) {
    if (heldOut < 1 || texts <= heldOut) {
      throw new IllegalArgumentException(
          "MaskedLanguage: expected at least 1 text held out to evaluate on and more to learn from, got %d of %d"
              .formatted(heldOut, texts));
    }
    this.text = text;
    this.heldOut = heldOut;
    this.seed = setup.seed();
    this.order = ExampleOrder.shuffled(texts, seed);
    this.tokenizer = setup.tokenizer();
    this.maxLength = setup.maxLength();
    this.masking = new TokenMasking(tokenizer, setup.encoder().config().vocabularySize());
  }

  @Override
  public String task() {
    return TaskNames.MASKED_LM;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public void addHead(RandomParameters random, ParameterStore store, EncoderConfig config) {
    Objective.removePooler(store);
    int hidden = config.hiddenSize();
    Objective.addLinear(random, store, HeadNames.MLM_TRANSFORM, hidden, hidden);
    if (!store.contains(HeadNames.MLM_NORM + ".weight")) {
      float[] ones = new float[hidden];
      Arrays.fill(ones, 1f);
      store.put(HeadNames.MLM_NORM + ".weight", Tensor.of(ones, hidden));
      store.put(HeadNames.MLM_NORM + ".bias", Tensor.zeros(hidden));
    }
    if (!store.contains(HeadNames.MLM_DECODER_BIAS)) {
      store.put(HeadNames.MLM_DECODER_BIAS, Tensor.zeros(config.vocabularySize()));
    }
  }

  @Override
  public TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout) {
    return TrainableHead.ofWords(kernels, parameters, config);
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
    long mixed = (seed * 0x2545F4914F6CDD1DL + round) * 0x9E3779B97F4A7C15L + place;
    return masking.mask(ids(place), mixed);
  }

  @Override
  public Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples) {
    List<TokenMasking.Masked> texts = new ArrayList<>();
    for (int example : examples) {
      texts.add(masked(heldOut + example, epoch));
    }
    RaggedBatch batch = RaggedBatch.of(texts.stream().map(TokenMasking.Masked::ids).toList());
    Variable hidden = encoder.forward(tape, batch).last();
    Variable chosen = tape.selectRows(hidden, places(texts, batch));
    int[] words = texts.stream().flatMapToInt(t -> Arrays.stream(t.words())).toArray();
    Variable logits = head.logits(tape, chosen, batch);
    return tape.crossEntropy(logits, words, -100, LossMean.VALID_ROWS);
  }

  /** The masked places counted over all texts of a batch. */
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
  public Evaluated evaluate(Inference model) {
    List<TokenMasking.Masked> texts = new ArrayList<>();
    for (int place = 0; place < heldOut; place++) {
      texts.add(masked(place, -1));
    }
    double[] losses = new double[heldOut];
    int[] right = new int[heldOut];
    MaskedLanguageModelHead head =
        MaskedLanguageModelHead.of(model.encoder(), model.model().parameters());
    int vocabulary = model.model().config().vocabularySize();
    model.run(
        texts.stream().map(t -> new Input(t.ids(), new int[t.ids().length])).toList(),
        (first, states) -> {
          for (int s = 0; s < states.batch().sequences(); s++) {
            TokenMasking.Masked masked = texts.get(first + s);
            int start = states.batch().start(s);
            float[] logits =
                head.logits(states, Arrays.stream(masked.places()).map(p -> start + p).toArray());
            for (int i = 0; i < masked.words().length; i++) {
              int from = i * vocabulary;
              int word = masked.words()[i];
              losses[first + s] -= Math.log(Logits.probability(logits, from, vocabulary, word));
              right[first + s] += Logits.argmax(logits, from, vocabulary) == word ? 1 : 0;
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
