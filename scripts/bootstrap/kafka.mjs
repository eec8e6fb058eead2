import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kafkaJarsFolder, kafkaVersion } from './cache.mjs'
import { aptInstall, javaCommand, requireCommands, requireJava } from './checks.mjs'
import { verifyFolder } from './digests.mjs'
import { installFolder } from './install.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const digests = fileURLToPath(new URL(`./kafka-${kafkaVersion}.sha256`, import.meta.url))
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
const leastJava = 17

/** Kafka's jars from Maven Central in the cache, each as the committed list of digests says. */
export const installKafka = async (cache) => {
  const libs = kafkaJarsFolder(cache)
  if (existsSync(libs)) {
    if (!javaCommand())
      throw new Error(`Kafka needs a JDK ${leastJava} or later: ${aptInstall('default-jdk-headless')}`)
    return
  }
  requireCommands('Kafka', {
    ...(process.env.JAVA_HOME ? {} : { java: 'default-jdk-headless' }),
    mvn: 'maven',
  })
  await requireJava('Kafka', leastJava)
  await installFolder(dirname(libs), (partial) =>
    step(`Kafka ${kafkaVersion} from Maven Central (44 MB)`, async () => {
      const folder = join(partial, 'libs')
      writeFileSync(join(partial, 'pom.xml'), pom)
      await run(
        'mvn',
        ['-B', '-q', copyDependencies, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'],
        {
          cwd: partial,
        },
      )
      await verifyFolder(folder, digests)
    }),
  )
}

const dependency = (group, artifact, version) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId><artifactId>local-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
    ${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}
  </dependencies>
</project>
`
