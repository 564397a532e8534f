package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.json.ResultJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "classify",
    description = "Find the class of each text, or of each pair of texts.",
    mixinStandardHelpOptions = true)
public final class ClassifyCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A sequence classification model: a file, or the name of a pulled one.")
  Path model;

  @Mixin PairFlag pairs;

  @Mixin LongTextFlags flags;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    flags.requireNoWindows();
    TextClassifier loaded = TextClassifier.load(model).withLongText(flags.longText);
    TextClassifier classifier =
        flags.maxLength == null ? loaded : loaded.withMaxLength(flags.maxLength);
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          TextClassifier.Result result =
              pairs.ask(text, classifier::classify, classifier::classify);
          if (texts.json) {
            out.println(toJson(text, result));
          } else {
            out.println(text);
            out.printf(
                Locale.ROOT,
                "  %s  (%.4f)%s%n",
                result.label(),
                result.probability(),
                result.refused() ? "  refused: not sure enough" : "");
          }
          texts.warnIfCut(result.truncated());
        });
  }

  private static ObjectNode toJson(String text, TextClassifier.Result result) {
    ObjectNode object = Json.texts(text, null);
    ResultJson.add(object, result);
    return object;
  }
}
