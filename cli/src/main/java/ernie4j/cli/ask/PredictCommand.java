package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.DocumentStride;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.ChoiceFiles;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.data.TagFiles;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.task.AnswerFinder;
import ernie4j.training.task.ChoicePicker;
import ernie4j.training.task.Inference;
import ernie4j.training.task.Tagger;
import ernie4j.training.task.TextClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "predict",
    description =
        "Write what a trained model says about every example of a file, a JSON object a line. The file is read as for training; labels and answers in it are not looked at.",
    mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      converter = ModelPath.class,
      paramLabel = "MODEL",
      required = true,
      description = "A model for classify, tag, qa or choice: a file, or the name of a pulled one.")
  Path model;

  @Option(names = "--data", paramLabel = "FILE", required = true, description = "The examples.")
  Path data;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "Receives the predictions, replaced in one step.")
  Path output;

  @Mixin TextColumns columns;

  @Mixin DocumentStride stride;

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    Model trained = ModelFile.read(model);
    try (Parallel parallel = Parallel.of(threads.count())) {
      Inference inference = Inference.of(trained, Tokenizers.of(trained), Kernels.best(), parallel);
      List<ObjectNode> lines = predict(inference);
      StringBuilder text = new StringBuilder();
      lines.forEach(line -> text.append(line).append('\n'));
      AtomicFile.writeText(output, text);
      spec.commandLine().getOut().printf("%,d predictions in %s%n", lines.size(), output);
    }
    return 0;
  }

  private List<ObjectNode> predict(Inference inference) throws IOException {
    String task = inference.model().task();
    return switch (task) {
      case TaskNames.SEQUENCE_CLASSIFICATION -> classes(inference, columns.read(data));
      case TaskNames.TOKEN_CLASSIFICATION -> spans(inference, TagFiles.read(data));
      case TaskNames.QUESTION_ANSWERING -> answers(inference, QuestionFiles.read(data));
      case TaskNames.MULTIPLE_CHOICE -> picks(inference, ChoiceFiles.read(data, null));
      default ->
          throw new UsageException(
              "%s: expected a model for classes, spans, answers or choices, got one for %s%s"
                  .formatted(
                      model,
                      task,
                      task.equals(TaskNames.JOINT_INTENT_SLOTS) ? "; use ernie4j parse" : ""));
    };
  }

  private static List<ObjectNode> classes(Inference inference, List<TextExample> examples) {
    List<TextClassifier.Prediction> found = new TextClassifier(inference).predict(examples);
    List<ObjectNode> lines = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      ObjectNode line = Json.object();
      line.put("text", examples.get(i).text());
      if (examples.get(i).pair() != null) {
        line.put("text_pair", examples.get(i).pair());
      }
      line.put("label", found.get(i).label());
      line.put("confidence", found.get(i).confidence());
      lines.add(line);
    }
    return lines;
  }

  /** Places count code points, as in the files that are read. */
  private static List<ObjectNode> spans(Inference inference, List<TaggedExample> examples) {
    List<List<TaggedExample.Span>> found = new Tagger(inference).predict(examples);
    List<ObjectNode> lines = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      String text = examples.get(i).text();
      ObjectNode line = Json.object();
      line.put("text", text);
      ArrayNode entities = line.putArray("entities");
      for (TaggedExample.Span span : found.get(i)) {
        ObjectNode entity = entities.addObject();
        entity.put("type", span.type());
        entity.put("start", text.codePointCount(0, span.start()));
        entity.put("end", text.codePointCount(0, span.end()));
        entity.put("text", text.substring(span.start(), span.end()));
      }
      lines.add(line);
    }
    return lines;
  }

  private List<ObjectNode> answers(Inference inference, List<QuestionExample> examples) {
    List<AnswerFinder.Answer> found =
        new AnswerFinder(inference, stride.tokens()).predict(examples);
    List<ObjectNode> lines = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      QuestionExample example = examples.get(i);
      AnswerFinder.Answer answer = found.get(i);
      ObjectNode line = Json.object();
      line.put("id", example.id());
      line.put("question", example.question());
      line.put("answer", answer.text());
      line.put("start", example.context().codePointCount(0, answer.start()));
      line.put("end", example.context().codePointCount(0, answer.end()));
      // A text without any token has no answer, and JSON no infinity.
      line.put("score", Math.max(-Float.MAX_VALUE, answer.score()));
      lines.add(line);
    }
    return lines;
  }

  private static List<ObjectNode> picks(Inference inference, List<ChoiceExample> examples) {
    List<ChoicePicker.Pick> found = new ChoicePicker(inference).predict(examples);
    List<ObjectNode> lines = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      ChoiceExample example = examples.get(i);
      ObjectNode line = Json.object();
      line.put("context", example.context());
      line.put("question", example.question());
      line.put("answer", found.get(i).index());
      line.put("choice", example.choices().get(found.get(i).index()));
      line.put("confidence", found.get(i).confidence());
      lines.add(line);
    }
    return lines;
  }
}
