package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
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
    name = "parse",
    description = "Find intent and slots of commands.",
    mixinStandardHelpOptions = true)
public final class ParseCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "A joint intent and slot model: a file, or the name of a pulled one (default: the bundled one).")
  @Nullable Path model;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    JointSlu slu = model == null ? JointSlu.bundled() : JointSlu.load(model);
    return texts.forEach(text -> print(slu.parse(text)));
  }

  private void print(JointSlu.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    if (texts.json) {
      out.println(toJson(result));
    } else {
      print(result, out);
    }
    texts.warnIfCut(result.truncated());
  }

  private static void print(JointSlu.Result result, PrintWriter out) {
    out.println(result.text());
    out.printf(
        Locale.ROOT,
        "  intent  %s  (%.4f)%s%n",
        result.intent(),
        result.probability(),
        result.refused() ? "  refused: not sure enough" : "");
    for (Span slot : result.slots()) {
      out.printf("  %s  %s  [%d,%d]%n", slot.type(), slot.text(), slot.start(), slot.end() - 1);
    }
  }

  private static ObjectNode toJson(JointSlu.Result result) {
    ObjectNode object = Json.texts(result.text(), null);
    ResultJson.add(object, result);
    return object;
  }
}
