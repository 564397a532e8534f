package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.cli.option.SluData;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.VocabularyPruner;
import ernie4j.training.slu.Distillation;
import ernie4j.training.slu.SluCorpus;
import ernie4j.training.slu.SluExample;
import ernie4j.training.slu.SluLabels;
import ernie4j.training.slu.SluModels;
import ernie4j.training.slu.SluTask;
import ernie4j.zoo.Architectures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "slu",
    description = "Fine-tune a joint intent and slot model on annotated utterances.",
    mixinStandardHelpOptions = true)
final class TrainSluCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description = "The encoder: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--architecture",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      description =
          "Take only the vocabulary of --model and start from random weights of this shape, for example pico or 3L128H2A.")
  @Nullable String architecture;

  @Mixin SluData data;

  /** Both, or none. */
  static final class LabelFiles {
    @Option(
        names = "--intent-labels",
        paramLabel = "FILE",
        required = true,
        description = "Intents, one a line; without it, those of the corpus.")
    Path intents;

    @Option(
        names = "--slot-labels",
        paramLabel = "FILE",
        required = true,
        description = "Slot labels, one a line: padding, O, B-..., I-...")
    Path slots;
  }

  @ArgGroup(exclusive = false)
  @Nullable LabelFiles labelFiles;

  @Mixin OutputFolder output;

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      defaultValue = "6000",
      description =
          "Keep this many word embeddings, the most frequent (default: ${DEFAULT-VALUE}).")
  int vocabularySize;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      defaultValue = "16",
      description = "Tokens the model reads, [CLS] and [SEP] included (default: ${DEFAULT-VALUE}).")
  int maxLength;

  @Option(
      names = "--epochs",
      converter = Range.Count.class,
      defaultValue = "6",
      description = "Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Mixin TrainingFlags training = new TrainingFlags();

  @Option(
      names = "--learning-rate",
      converter = Range.Positive.class,
      defaultValue = "5e-5",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "A joint model, for example a larger one, whose answers are followed besides the labels; trained on the same corpus with the same vocabulary and labels.")
  @Nullable Path teacher;

  @Option(
      names = "--teacher-weight",
      converter = Range.Positive.class,
      defaultValue = "1",
      description = "Weight of its answers next to the labels (default: ${DEFAULT-VALUE}).")
  double teacherWeight;

  @Option(
      names = "--teacher-temperature",
      converter = Range.Positive.class,
      defaultValue = "1",
      description = "Above 1 its doubts count more (default: ${DEFAULT-VALUE}).")
  double teacherTemperature;

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    output.requireFreshOrResumable();
    PrintWriter err = spec.commandLine().getErr();
    SluCorpus.Split corpus = data.read(err);
    SluLabels labels = labels(corpus);
    Model start = SluModels.prepare(base(corpus), labels, training.seed());
    TrainingOptions options = training.options(epochs, learningRate);
    Kernels kernels = Kernels.best();
    err.printf(
        "%,d utterances to learn from, %,d to evaluate on; %,d parameters, %s kernels, %d threads%n",
        corpus.train().size(),
        corpus.dev().size(),
        start.parameters().elementCount(),
        kernels.name(),
        threads.count());
    try (Parallel parallel = Parallel.of(threads.count())) {
      Tokenizer tokenizer = Tokenizers.of(start);
      SluTask task =
          new SluTask(
              start,
              tokenizer,
              corpus,
              training.dropout(),
              distillation(),
              kernels,
              parallel,
              provenance(corpus, options));
      Trainer trainer =
          new Trainer(
              task, options, kernels, parallel, output.path(), List.of(new ProgressPrinter(err)));
      Map<String, String> facts = provenance(corpus, options);
      output.run(
          trainer,
          task.models(),
          "percent",
          model -> TrainingReport.Content.of("Intents and slots", facts));
    }
    return 0;
  }

  private Optional<Distillation> distillation() throws IOException {
    return teacher == null
        ? Optional.empty()
        : Optional.of(new Distillation(ModelFile.read(teacher), teacherWeight, teacherTemperature));
  }

  private SluLabels labels(SluCorpus.Split corpus) throws IOException {
    if (labelFiles != null) {
      return SluLabels.read(labelFiles.intents, labelFiles.slots);
    }
    List<SluExample> all = new ArrayList<>(corpus.train());
    all.addAll(corpus.dev());
    return SluLabels.of(all);
  }

  /** The encoder to start from, with the vocabulary and the positions that the corpus needs. */
  private Model base(SluCorpus.Split corpus) throws IOException {
    Model full = ModelFile.read(model);
    Model pruned =
        VocabularyPruner.fit(full, Tokenizers.of(full), corpus.texts(), vocabularySize, maxLength);
    if (architecture == null) {
      return pruned;
    }
    EncoderConfig kept = pruned.config();
    EncoderConfig shape =
        Architectures.of(architecture).withVocabulary(kept.vocabularySize(), kept.maxPositions());
    return pruned.withParameters(shape, RandomParameters.encoder(shape, training.seed()));
  }

  private Map<String, String> provenance(SluCorpus.Split corpus, TrainingOptions options) {
    Map<String, String> lines = new TreeMap<>();
    lines.put("trained_by", spec.version().length > 0 ? spec.version()[0] : "ernie4j train slu");
    lines.put("training_corpus", data.name());
    lines.put(
        "training_options",
        "epochs %d, batch %d, learning rate %s, weight decay %s, warm-up %s, dropout %s, seed %d, split seed %d"
            .formatted(
                epochs,
                options.batchSize(),
                learningRate,
                options.weightDecay(),
                options.warmupRatio(),
                training.dropout(),
                options.seed(),
                data.splitSeed()));
    lines.put(
        "training_examples",
        "%d to learn from, %d to evaluate on"
            .formatted(corpus.train().size(), corpus.dev().size()));
    if (teacher != null) {
      lines.put(
          "teacher",
          "%s, weight %s, temperature %s"
              .formatted(teacher.getFileName(), teacherWeight, teacherTemperature));
    }
    if (architecture != null) {
      lines.put("initial_weights", "random (" + architecture + ")");
    }
    return lines;
  }
}
