package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Json;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.head.HeadOptions;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.json.ResultJson;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "extract",
    description =
        "Extract what a schema names from each text (UIE): entities, relations, events, classes.",
    mixinStandardHelpOptions = true,
    footerHeading = "Schemas:%n",
    footer = {
      "  --schema '时间,选手,赛事名称'",
      "  --schema '情感倾向[正向,负向]'",
      "  --schema '{\"竞赛名称\": [\"主办方\", \"承办方\"]}'"
    })
public final class ExtractCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "An information extraction model: a file, or the name of a pulled one.")
  Path model;

  /** What to extract. */
  static final class Schema {
    @Option(
        names = "--schema",
        paramLabel = "SCHEMA",
        description = "Names separated by commas, or JSON; see below.")
    @Nullable String text;

    @Option(
        names = "--schema-file",
        paramLabel = "FILE",
        description = "A UTF-8 file with the schema.")
    @Nullable Path file;

    ExtractionSchema read() throws IOException {
      try {
        return ExtractionSchema.parse(file == null ? String.valueOf(text) : Utf8Text.read(file));
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            (file == null ? "--schema: " : "--schema-file: " + file + ": ") + e.getMessage());
      }
    }
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  Schema schema = new Schema();

  @Option(
      names = "--schema-language",
      paramLabel = "LANGUAGE",
      description = "Language of the prompts, zh or en (default: the model's).")
  @Nullable String language;

  @Option(
      names = "--threshold",
      converter = Range.Share.class,
      paramLabel = "NUMBER",
      description =
          "The first and last token of a span must have a higher probability than this (default: the model's, or 0.5).")
  @Nullable Double threshold;

  @Option(
      names = "--max-length",
      converter = LongTextFlags.Tokens.class,
      paramLabel = "TOKENS",
      description = "The most tokens to read at once, prompt included (default: 512).")
  @Nullable Integer maxLength;

  @Option(
      names = "--split-sentences",
      description = "Read every sentence separately, instead of as much text as fits.")
  boolean sentences;

  @Option(names = "--highlight", description = "Colour the spans in the text.")
  boolean highlight;

  @Mixin Threads threads;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    ExtractionSchema wanted = schema.read();
    InformationExtractor extractor = extractor();
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          InformationExtractor.Result result = extractor.extract(text, wanted);
          if (texts.json) {
            out.println(toJson(result));
          } else {
            Highlight colours = highlight ? Highlight.of(result) : Highlight.none();
            out.println(colours.text(text));
            print(result.extractions(), "  ", colours, out);
          }
        });
  }

  private InformationExtractor extractor() throws IOException {
    if (language != null && !language.equals("zh") && !language.equals(HeadOptions.ENGLISH)) {
      throw new UsageException("--schema-language: expected zh or en, got " + language);
    }
    InformationExtractor extractor =
        InformationExtractor.load(model)
            .withExecution(ExecutionOptions.defaults().withThreads(threads.count()))
            .withSplitSentences(sentences);
    extractor = threshold == null ? extractor : extractor.withThreshold(threshold);
    extractor = maxLength == null ? extractor : extractor.withMaxLength(maxLength);
    return language == null
        ? extractor
        : extractor.withEnglishSchema(language.equals(HeadOptions.ENGLISH));
  }

  private static void print(
      Map<String, List<Extraction>> named, String indent, Highlight colours, PrintWriter out) {
    named.forEach(
        (name, found) -> {
          for (Extraction e : found) {
            String place = e.isOption() ? "" : "  [%d,%d]".formatted(e.start(), e.end() - 1);
            out.printf(
                Locale.ROOT,
                "%s%s  %s%s  (%.4f)%n",
                indent,
                colours.name(name),
                e.text(),
                place,
                e.probability());
            print(e.relations(), indent + "  ", colours, out);
          }
        });
  }

  private static ObjectNode toJson(InformationExtractor.Result result) {
    ObjectNode object = Json.texts(result.text(), null);
    ResultJson.add(object, result);
    return object;
  }
}
