import { z } from 'zod'

/** XGBoost writes most numbers of its parameters as texts. */
const count = z.union([z.int(), z.string().regex(/^\d+$/, 'expected a whole number').transform(Number)])

const numbers = z.array(z.number()).readonly()
const integers = z.array(z.int()).readonly()

const treeSchema = z.object({
  left_children: integers,
  right_children: integers,
  split_indices: integers,
  /** The threshold of a node, the value of a leaf. */
  split_conditions: numbers,
  default_left: z.array(z.union([z.literal(0), z.literal(1), z.boolean()])).readonly(),
  /** 1: categorical. Not written before 1.5. */
  split_type: integers.optional(),
  categories_nodes: integers.optional(),
  tree_param: z.object({ size_leaf_vector: count.optional() }),
})
export type XgboostTree = z.infer<typeof treeSchema>

const treesSchema = z.object({ trees: z.array(treeSchema).min(1).readonly() })

/** What `save_model` writes as JSON, as far as it is used; there is more in it. */
export const xgboostSchema = z.object({
  version: z.array(z.int()).readonly(),
  learner: z.object({
    attributes: z.record(z.string(), z.string()).optional(),
    feature_names: z.array(z.string()).readonly().optional(),
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({
      /** A probability: `5E-1`, or from release 3 on `[5E-1]`, one for each target. */
      base_score: z.union([z.number(), z.string()]),
      num_feature: count,
      num_class: count.optional(),
      num_target: count.optional(),
    }),
    gradient_booster: z.object({
      name: z.string(),
      model: treesSchema.extend({ iteration_indptr: integers.optional() }).optional(),
      /** Of `dart`: what each tree counts. */
      weight_drop: numbers.optional(),
      gbtree: z.object({ model: treesSchema.extend({ iteration_indptr: integers.optional() }) }).optional(),
    }),
  }),
})
export type XgboostFile = z.infer<typeof xgboostSchema>
