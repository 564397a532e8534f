package example;

import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.TextClassifier;
import ernie4j.training.TrainingOptions;
import ernie4j.training.task.ClassificationObjective;
import ernie4j.training.task.TaskSetup;
import ernie4j.zoo.ModelImport;
import java.nio.file.Path;

/** A classifier from a table of 24 requests; the argument is a model that others have made. */
public class Train {
  public static void main(String[] arguments) throws Exception {
    Path encoder = Path.of("target/encoder.ernie");
    ModelFile.write(encoder, ModelImport.read(Path.of(arguments[0])).model());

    TaskSetup setup = TaskSetup.load(encoder.toString(), 32);
    var objective = ClassificationObjective.of(setup, Path.of("requests.tsv"), 0.2);
    TrainingOptions options = TrainingOptions.builder().epochs(10).batchSize(4).build();
    setup.fineTune(objective, options, Path.of("target/requests"));

    var result = TextClassifier.load("target/requests/model.ernie").classify("衣服不合身，我想退掉");
    assert result.label().equals("return") : result;
  }
}
