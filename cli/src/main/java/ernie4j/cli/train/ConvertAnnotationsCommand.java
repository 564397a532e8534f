package ernie4j.cli.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Json;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.ExampleOrder;
import ernie4j.training.annotation.AnnotationConverter;
import ernie4j.training.annotation.AnnotationSample;
import ernie4j.training.annotation.AnnotationSplit;
import ernie4j.training.annotation.ConversionOptions;
import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.AnnotationFile;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionFiles;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.TagFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "convert-annotations",
    description =
        "Turn annotated texts into prompts with answers for 'train extract': exports of doccano and Label Studio, files for 'train tag', slots.",
    mixinStandardHelpOptions = true)
public final class ConvertAnnotationsCommand implements Callable<Integer> {
  /** The format of a file. */
  enum Format {
    AUTO,
    ANNOTATIONS,
    TAGS,
    SLOTS
  }

  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The annotated texts.")
  Path data;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description =
          "Folder for train.txt, dev.txt and test.txt, if there are texts for them, and sample_index.json with their numbers.")
  Path outputDir;

  @Option(
      names = "--format",
      description =
          "${COMPLETION-CANDIDATES}: annotations for JSON of doccano or Label Studio, tags for files of 'train tag', slots for files of 'train slu' (default: annotations for JSON, otherwise tags).")
  Format format = Format.AUTO;

  @Option(
      names = "--names",
      paramLabel = "LABEL=NAME",
      split = ",",
      description = "Names of labels in prompts, for example PER=人名,LOC=地名 (default: the labels).")
  Map<String, String> names = Map.of();

  @Option(
      names = "--negative-ratio",
      converter = Ratio.class,
      defaultValue = "5",
      description =
          "Number of prompts without an answer for each prompt with answers, in training texts; -1 for all (default: ${DEFAULT-VALUE}).")
  int negativeRatio;

  @Option(
      names = "--splits",
      converter = Share.class,
      paramLabel = "SHARE",
      split = ",",
      description =
          "Shares of the texts for training, evaluation and test; 1,0,0 to train on all, 0,1,0 to evaluate on all (default: 0.8,0.1,0.1).")
  List<BigDecimal> splits = AnnotationSplit.USUAL;

  @Option(
      names = "--texts-per-label",
      converter = Range.Count.class,
      paramLabel = "N",
      description = "Use only this many training texts for each label (default: all).")
  @Nullable Integer textsPerLabel;

  @Option(
      names = "--keep-order",
      description = "Split the texts in the order of the file (default: at random).")
  boolean keepOrder;

  @Option(
      names = "--seed",
      defaultValue = "1000",
      description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--prompt-prefix",
      paramLabel = "NAME",
      defaultValue = "情感倾向",
      description = "Name of a classification in prompts (default: ${DEFAULT-VALUE}).")
  String promptPrefix;

  @Option(
      names = "--options",
      paramLabel = "CLASS",
      split = ",",
      defaultValue = "正向,负向",
      description = "Classes of a classification (default: ${DEFAULT-VALUE}).")
  List<String> options;

  @Option(
      names = "--separator",
      defaultValue = "##",
      description =
          "Separator between a label and the class of its entity, as in 评价维度##正向 (default: ${DEFAULT-VALUE}).")
  String separator;

  @Option(
      names = "--english-prompts",
      description = "Make prompts like 'founder of Apple' instead of 苹果的创始人.")
  boolean english;

  /** An exact decimal share, because sums of doubles are not exact. */
  static final class Share extends Range<BigDecimal> {
    Share() {
      super(
          "a number from 0 to 1",
          BigDecimal::new,
          x -> x.signum() >= 0 && x.compareTo(BigDecimal.ONE) <= 0);
    }
  }

  /** A ratio of negatives. */
  static final class Ratio extends Range<Integer> {
    Ratio() {
      super(
          "a whole number of at least 0, or -1", Integer::valueOf, n -> n >= ConversionOptions.ALL);
    }
  }

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFolder(outputDir);
    boolean labelStudio = false;
    List<AnnotatedText> texts;
    Format known = known();
    if (known == Format.ANNOTATIONS) {
      AnnotationFile file = AnnotationFile.read(data);
      labelStudio = file.labelStudio();
      texts = file.texts();
    } else if (known == Format.TAGS) {
      texts = TagFiles.read(data).stream().map(AnnotatedText::of).toList();
    } else {
      texts = JointFile.read(data).examples().stream().map(AnnotatedText::of).toList();
    }
    requireNames(texts);
    ConversionOptions conversion = conversion(labelStudio);
    List<AnnotatedText> named = texts.stream().map(text -> text.renamed(names)).toList();
    AnnotationSplit split = split(named);
    Files.createDirectories(outputDir);
    AnnotationConverter converter = new AnnotationConverter(conversion);
    List<ExtractionExample> train =
        new ArrayList<>(converter.toLearnFrom(chosen(named, split.train())).all());
    List<ExtractionExample> shuffled = new ArrayList<>();
    for (int index : ExampleOrder.shuffled(train.size(), ExampleOrder.mixed(seed, 2))) {
      shuffled.add(train.get(index));
    }
    write("train", splits.get(0), shuffled, split.train());
    write("dev", splits.get(1), toEvaluateOn(converter, named, split.dev()), split.dev());
    write("test", splits.get(2), toEvaluateOn(converter, named, split.test()), split.test());
    writeIndex(split);
    return 0;
  }

  private Format known() throws IOException {
    if (format != Format.AUTO) {
      return format;
    }
    return ExtractionFiles.isJson(data) ? Format.ANNOTATIONS : Format.TAGS;
  }

  private ConversionOptions conversion(boolean labelStudio) {
    try {
      ConversionOptions usual =
          labelStudio ? ConversionOptions.labelStudio() : ConversionOptions.defaults();
      return usual
          .withNegativeRatio(negativeRatio)
          .withClasses(promptPrefix, options, true)
          .withSeparator(separator)
          .withEnglish(english)
          .withSeed(seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Rejects a name for a label that no text has while another label has no name, because it is
   * probably misspelled. If all labels have names, more of them do no harm: one part of the data
   * need not have all labels.
   */
  private void requireNames(List<AnnotatedText> texts) {
    Set<String> labels = new TreeSet<>();
    for (AnnotatedText text : texts) {
      text.entities().stream().map(LabelledSpan::type).forEach(labels::add);
      text.relations().stream().map(AnnotatedText.Relation::type).forEach(labels::add);
      labels.addAll(text.classes());
    }
    boolean allNamed = names.keySet().containsAll(labels);
    for (String label : names.keySet()) {
      if (!allNamed && !labels.contains(label)) {
        throw new UsageException(
            "--names: expected labels of %s, which has %s, got '%s'"
                .formatted(data, labels, label));
      }
    }
  }

  private AnnotationSplit split(List<AnnotatedText> texts) {
    AnnotationSplit split;
    try {
      split =
          keepOrder
              ? AnnotationSplit.of(texts.size(), splits)
              : AnnotationSplit.shuffled(texts.size(), splits, seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--splits: " + e.getMessage());
    }
    return textsPerLabel == null
        ? split
        : new AnnotationSplit(
            AnnotationSample.perLabel(texts, split.train(), textsPerLabel, separator),
            split.dev(),
            split.test());
  }

  private static List<ExtractionExample> toEvaluateOn(
      AnnotationConverter converter, List<AnnotatedText> texts, List<Integer> indices) {
    return converter.toEvaluateOn(chosen(texts, indices)).all();
  }

  private static List<AnnotatedText> chosen(List<AnnotatedText> texts, List<Integer> indices) {
    return indices.stream().map(texts::get).toList();
  }

  private void write(
      String name, BigDecimal share, List<ExtractionExample> examples, List<Integer> texts)
      throws IOException {
    Path file = outputDir.resolve(name + ".txt");
    if (examples.isEmpty()) {
      Files.deleteIfExists(file); // one of an earlier conversion would be misleading
      if (share.signum() > 0) {
        spec.commandLine()
            .getErr()
            .printf(
                Locale.ROOT,
                "ernie4j: %s was not written: its %,d texts give no prompts; add texts or change --splits%n",
                file,
                texts.size());
      }
      return;
    }
    ExtractionFiles.write(file, examples);
    long negative = examples.stream().filter(e -> e.answers().isEmpty()).count();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d prompts about %,d texts, %,d with answers and %,d without%n",
            file,
            examples.size(),
            texts.size(),
            examples.size() - negative,
            negative);
  }

  private void writeIndex(AnnotationSplit split) throws IOException {
    ObjectNode index = Json.object();
    put(index.putArray("train_ids"), split.train());
    put(index.putArray("dev_ids"), split.dev());
    put(index.putArray("test_ids"), split.test());
    AtomicFile.writeText(outputDir.resolve("sample_index.json"), index.toString());
  }

  private static void put(ArrayNode array, List<Integer> numbers) {
    numbers.forEach(array::add);
  }
}
