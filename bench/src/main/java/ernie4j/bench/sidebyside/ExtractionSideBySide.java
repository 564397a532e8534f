package ernie4j.bench.sidebyside;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.Utterances;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.bench.peer.OnnxRuntimePadded;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.bench.peer.PaddedPlan;
import ernie4j.bench.report.Round;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.model.RandomParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the extraction of many labels from many texts with padded batches of ONNX Runtime. */
@Command(
    name = "extraction",
    mixinStandardHelpOptions = true,
    description =
        "Compares the time to ask many texts for many labels with ONNX Runtime's padded batches.")
public final class ExtractionSideBySide implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CHARACTERS = 50;

  /** Two characters each, of which labels are made. */
  private static final String WORDS = "时间地点人名机构车次歌手导演价格数量颜色";

  private final String[] arguments;

  @Option(names = "--size", defaultValue = "nano", description = "an architecture; default nano")
  private String size = "";

  @Option(
      names = "--corpus",
      description = "one text a line; default: made-up texts of 50 characters")
  private @Nullable Path corpus;

  @Option(names = "--texts", defaultValue = "80", description = "how many; default 80")
  private int texts;

  @Option(names = "--labels", defaultValue = "31", description = "how many; default 31")
  private int labels;

  @Option(names = "--threads", defaultValue = "1", description = "threads of each side; default 1")
  private int threads;

  @Option(
      names = "--int8",
      description = "our side computes its linear layers in int8; the peer stays in float32")
  private boolean int8;

  @Mixin private RunOptions run = new RunOptions();

  private ExtractionSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ExtractionSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<String> asked = corpus == null ? madeUp(texts) : lines(corpus, texts);
    Case only =
        new Case(
            "%s%s, %d labels x %d texts".formatted(size, int8 ? " in int8" : "", labels, texts),
            EncoderEngine.ERNIE4J.name(),
            EncoderEngine.ONNXRUNTIME.name(),
            () -> measure(asked));
    return run.run(List.of(only), ExtractionSideBySide.class, arguments);
  }

  private static List<String> madeUp(int count) {
    String all = String.join("，", Utterances.builtIn());
    String endless = all.repeat(2 + (CHARACTERS + count) / all.length());
    return IntStream.range(0, count).mapToObj(i -> endless.substring(i, i + CHARACTERS)).toList();
  }

  private static List<String> lines(Path file, int count) throws IOException {
    List<String> all = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    if (all.size() < count) {
      throw new IOException(
          "%s: expected at least %d lines with a text, got %d".formatted(file, count, all.size()));
    }
    return IntStream.range(0, count)
        .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
        .toList();
  }

  /** Names of two to four characters. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < labels; i++) {
      String first = word(i);
      names.add(i < WORDS.length() / 2 ? first : first + word(i / (WORDS.length() / 2) + i));
    }
    return names;
  }

  private static String word(int i) {
    int from = 2 * (i % (WORDS.length() / 2));
    return WORDS.substring(from, from + 2);
  }

  private List<Round> measure(List<String> asked) {
    try {
      BenchmarkModel encoder = BenchmarkModel.named(size);
      Model model = extractor(int8 ? encoder.int8() : encoder);
      List<String> names = names();
      ExtractionSchema schema = ExtractionSchema.of(names);
      RaggedBatch rows = rows(Tokenizers.of(model), names, asked);
      InformationExtractor ours =
          InformationExtractor.of(model)
              .withExecution(ExecutionOptions.defaults().withThreads(threads));
      try (OnnxRuntimePadded peer =
          new OnnxRuntimePadded(encoder, rows, PaddedPlan.IN_ORDER_16, threads)) {
        requireSameHiddenStates(encoder, rows, peer);
        if (!ours.warmUp(LIMIT)) {
          throw new IllegalStateException("extraction: not at full speed; leave the machine idle");
        }
        System.err.printf("%d rows of %d tokens%n", rows.sequences(), rows.tokens());
        return run.sideBySide()
            .run(
                new Contender(EncoderEngine.ERNIE4J.name(), () -> ours.extract(asked, schema)),
                new Contender(PaddedPlan.IN_ORDER_16.name(), peer::run));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireSameHiddenStates(
      BenchmarkModel encoder, RaggedBatch rows, OnnxRuntimePadded peer) {
    peer.run();
    try (EncoderUnderTest ours = EncoderEngine.ERNIE4J.load(encoder, threads)) {
      OutputCheck.of(EncoderEngine.ERNIE4J, EncoderEngine.ONNXRUNTIME)
          .require(ours.forward(rows), peer.hidden(), rows.tokens(), encoder.config().hiddenSize());
    }
  }

  /** The encoder with a random head and the bundled model's vocabulary, which is smaller. */
  private static Model extractor(BenchmarkModel encoder) throws IOException {
    Model words = JointSlu.bundledModel();
    ParameterStore store = ParameterStore.copyOf(encoder.parameters());
    RandomParameters random = new RandomParameters(1);
    int hidden = encoder.config().hiddenSize();
    random.linear(store, HeadNames.SPAN_START, hidden, 1);
    random.linear(store, HeadNames.SPAN_END, hidden, 1);
    return new Model(
        encoder.config(),
        Task.INFORMATION_EXTRACTION.id(),
        store,
        words.vocabulary(),
        Map.of(),
        words.tokenizerOptions(),
        Map.of());
  }

  /**
   * Label after label, as the original asks. The types of tokens, which cost nothing, are all 0.
   */
  private static RaggedBatch rows(Tokenizer tokenizer, List<String> names, List<String> asked) {
    List<int[]> rows = new ArrayList<>();
    for (String name : names) {
      asked.forEach(text -> rows.add(tokenizer.encode(name, text).ids()));
    }
    return RaggedBatch.of(rows);
  }
}
