package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Score;
import ernie4j.pipeline.json.ResultJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "multi-label",
    description = "Give each text, or each pair of texts, any number of labels.",
    mixinStandardHelpOptions = true)
public final class MultiLabelCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A multi-label classification model: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--threshold",
      converter = Range.Share.class,
      description =
          "A label applies if its probability is at least this (default: the model's, or 0.5).")
  @Nullable Double threshold;

  @Mixin PairFlag pairs;

  @Mixin LongTextFlags flags;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    flags.requireNoWindows();
    MultiLabelClassifier classifier = classifier();
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          MultiLabelClassifier.Result result =
              pairs.ask(text, classifier::classify, classifier::classify);
          if (texts.json) {
            out.println(toJson(text, result));
          } else {
            out.println(text);
            for (Score score : Score.best(result.scores(), result.labels().size())) {
              out.printf(Locale.ROOT, "  %s  (%.4f)%n", score.label(), score.probability());
            }
          }
          texts.warnIfCut(result.truncated());
        });
  }

  private MultiLabelClassifier classifier() throws IOException {
    MultiLabelClassifier loaded = MultiLabelClassifier.load(model).withLongText(flags.longText);
    loaded = flags.maxLength == null ? loaded : loaded.withMaxLength(flags.maxLength);
    return threshold == null ? loaded : loaded.withThreshold(threshold);
  }

  private static ObjectNode toJson(String text, MultiLabelClassifier.Result result) {
    ObjectNode object = Json.texts(text, null);
    ResultJson.add(object, result);
    return object;
  }
}
